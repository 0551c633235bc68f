/** Addresses in a text without who asks and with which password: those are in no answer and no lock. */
export function withoutCredentials(text: string): string {
  return text.replace(/(\w+:\/\/)[^\s/@]*@/g, '$1');
}
