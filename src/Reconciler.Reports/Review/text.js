'use strict';
// Elements, and texts that break where a reader would break them: after a sign that joins words, never inside a word.
// A date stays whole, so that a dash counts beside a letter only.

const longestPiece = 32;
const joined = new RegExp(`([\\u0040._/]+|(?<=\\p{L})-|-(?=\\p{L})|[^\\u0040._/]{${longestPiece}})`, 'u');

function element(name, properties, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

// A piece without any sign, such as a hash, may be broken anywhere: no column is as wide.
function breakable(text) {
  const made = document.createDocumentFragment();
  for (const word of String(text).split(/(\s+|\d{4}-\d{2}-\d{2})/u)) {
    if (/^\d{4}-/u.test(word)) {
      made.append(element('span', { className: 'whole', textContent: word }));
      continue;
    }
    const pieces = word.split(joined);
    pieces.forEach((piece, i) => {
      if (!piece) return;
      made.append(piece);
      if (i % 2 === 1 && pieces.slice(i + 1).some(rest => rest)) made.append(document.createElement('wbr'));
    });
  }
  return made;
}
