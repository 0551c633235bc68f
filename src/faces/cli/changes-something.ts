/** Commands by which something happens to a change. A service tells hooks itself. */
const changing = /^(?:change (?!list$|show$|diff$|watch$|score$)|propose-change$|env (?:promote|switch)$|worker$|mcp$)/;

export function changesSomething(command: string): boolean {
  return changing.test(command);
}
