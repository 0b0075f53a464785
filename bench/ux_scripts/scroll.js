() => new Promise((done) => {
  const box = document.querySelector('[data-test=grid]')
  const frames = []
  let before = performance.now()
  const step = (now) => {
    frames.push(now - before)
    before = now
    box.scrollTop += 120 * 3
    if (frames.length < 240) requestAnimationFrame(step)
    else done(frames.slice(10))
  }
  requestAnimationFrame(step)
})
