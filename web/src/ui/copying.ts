/** Putting a text where it can be pasted elsewhere, also where the page did not come over TLS. */

/** Copy the text; false when the browser would not, so that the person copies by hand. */
export async function copyText(text: string, from: HTMLInputElement | HTMLTextAreaElement | null): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined // missing outside TLS
  if (clipboard) {
    try {
      await clipboard.writeText(text)
      return true
    } catch {
      // refused: the old way may still be open
    }
  }
  from?.select()
  return from !== null && document.execCommand('copy')
}
