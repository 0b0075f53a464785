/** When somebody last touched any tab of this page; what a page asks for by itself is no sign of a person. */
const TOUCHED_AT = 'park.session.touched-at'
const EVERY = 5000 // milliseconds between two notes of it

let noted = 0

function note(): void {
  const at = Date.now()
  if (at - noted < EVERY) return
  noted = at
  localStorage.setItem(TOUCHED_AT, String(at))
}

for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart']) {
  addEventListener(kind, note, { passive: true, capture: true })
}
note()

/** Seconds since then. */
export function untouchedFor(): number {
  return (Date.now() - Number(localStorage.getItem(TOUCHED_AT) ?? Date.now())) / 1000
}
