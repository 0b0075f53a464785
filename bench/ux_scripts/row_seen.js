name => {
  window.seen = 0
  window.typed = 0
  document.querySelector('[data-test=search]').addEventListener(
    'input', () => { window.typed = performance.now() }, {once: true})
  const look = () => {
    const rows = [...document.querySelectorAll('[data-test=list-row]')]
    const busy = document.querySelector('[data-test=grid]')?.getAttribute('aria-busy') === 'true'
    if (window.typed && !busy && rows.some((one) => one.innerText.includes(name))) window.seen = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
