// Lines the rules of web.yaml must find (ruleid) and must leave alone (ok). Never run.
function page(node: HTMLElement, text: string, other: Window) {
  // ruleid: html-from-text
  node.innerHTML = text
  // ruleid: html-from-text
  node.insertAdjacentHTML('beforeend', text)
  // ok: html-from-text
  node.textContent = text
  // ruleid: run-text-in-page
  eval(text)
  // ruleid: run-text-in-page
  new Function(text)
  // ok: run-text-in-page
  setTimeout(() => page(node, text, other), 1)
  // ruleid: kept-where-scripts-read
  localStorage.setItem('access_token', text)
  // ok: kept-where-scripts-read
  localStorage.setItem('theme', text)
  // ruleid: told-to-everybody
  other.postMessage(text, '*')
  // ok: told-to-everybody
  other.postMessage(text, location.origin)
}
