async () => {
  const box = document.querySelector('[data-test=grid]')
  box.scrollTop = box.scrollHeight
  await new Promise((done) => setTimeout(done, 3000))
  const rows = [...document.querySelectorAll('[data-test=list-row]')]
  const last = Math.max(...rows.map((one) => Number(one.getAttribute('aria-rowindex'))))
  return last === Number(box.getAttribute('aria-rowcount')) ? 1 : 0
}
