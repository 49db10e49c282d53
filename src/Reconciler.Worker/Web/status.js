'use strict';
// Copies a command. Without a script there is no button, and the text can be selected all the same.

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// A browser gives the clipboard to pages of this machine or behind https only; elsewhere the text is selected.
function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return document.execCommand('copy');
}

for (const button of document.querySelectorAll('button.copy')) {
  const source = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener('click', async () => {
    const done = await copied(source.textContent) || select(source);
    button.nextElementSibling.textContent = done ? 'Copied.' : 'It is selected: copy it with the keyboard.';
  });
}
