() => {
  const all = [...document.querySelectorAll('button, a[href], input, select, textarea, [role=button], [role=tab]')]
  const inSentence = (one) => one.matches('a') && one.closest('p, li, dd, td, label, [role=gridcell]')
  const boxed = (one) => one.matches('input') && one.closest('label') ? one.closest('label') : one
  return all.filter((one) => {
    const box = boxed(one).getBoundingClientRect()
    return box.width > 0 && box.height > 0 && !inSentence(one) && Math.min(box.width, box.height) < 24
      && getComputedStyle(one).visibility === 'visible'
  }).length
}
