// Pinyin initials without a dictionary: the browser's collation sorts Chinese by sound, so each character falls
// between the first characters of two letters. (No syllable begins with i, u or v.)

const LETTERS = "abcdefghjklmnopqrstwxyz";
const FIRST_OF_EACH = "阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀";
const bySound = new Intl.Collator("zh-CN-u-co-pinyin");

/** "补卡换卡" -> "bkhk"; other characters stay as they are. @param {string} words */
export function initials(words) {
  return [...words].map((sign) => (/\p{Script=Han}/u.test(sign) ? initial(sign) : sign.toLowerCase())).join("");
}

function initial(sign) {
  let letter = "";
  for (let place = 0; place < LETTERS.length; place += 1) {
    if (bySound.compare(FIRST_OF_EACH[place], sign) > 0) break;
    letter = LETTERS[place];
  }
  return letter;
}
