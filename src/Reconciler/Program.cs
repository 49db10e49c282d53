Console.WriteLine("Reconciler");
