/** Solidity source with comments and the insides of strings blanked out; every line keeps its number and every other character its column. */
export function withoutComments(source: string, { keepStrings = true } = {}): string {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return source.replace(token, (found) => {
    const isString = /^["']/.test(found);
    if (isString && keepStrings) return found;
    const blank = found.replace(/[^\n]/g, " ");
    return isString ? `${found.charAt(0)}${blank.slice(1, -1)}${found.charAt(0)}` : blank;
  });
}
