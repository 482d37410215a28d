import { describe, expect, it } from 'vitest';
import { escapeMarkup, fitText, plainText, textWidth } from '../src/text.js';

describe('text from outside', () => {
  it.each([
    ['line breaks become spaces', 'a\r\n\tb\u2028c', 'a b c'],
    ['terminal escapes lose what makes them one', '\u001b[31mred\u009b0m', '[31mred 0m'],
    ['overrides of the writing direction are left out', 'abc\u202ecba\u2066\u200f', 'abccba'],
    ['halves of characters are left out', 'a\ud800b\udc00', 'ab'],
    ['other scripts and emoji stay', 'ضغط 漢字 🔥 Å', 'ضغط 漢字 🔥 Å'],
  ])('%s', (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('is escaped for elements and for attributes in both kinds of quotes', () => {
    expect(escapeMarkup(`<a href="x" title='y'>&`)).toBe(
      '&#60;a href=&#34;x&#34; title=&#39;y&#39;&#62;&#38;',
    );
  });
});

describe('the width of text', () => {
  it('grows with size and length, is wide for CJK and nothing for marks on letters', () => {
    expect(textWidth('mmm', 20)).toBeCloseTo(2 * textWidth('mmm', 10));
    expect(textWidth('漢字', 10)).toBeGreaterThan(textWidth('ab', 10));
    expect(textWidth('i', 10)).toBeLessThan(textWidth('W', 10));
    expect(textWidth('e\u0301', 10)).toBe(textWidth('e', 10));
  });

  it('decides where text is cut, never through a character', () => {
    expect(fitText('short', 12, 200)).toBe('short');
    const cut = fitText('🔥'.repeat(50), 12, 100);
    expect(cut).toMatch(/^(🔥)+…$/u);
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(100);
  });
});
