window.park = {paint: 0, tasks: [], first: 0, frames: []}
const keep = (type, take) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({type, buffered: true})
keep('largest-contentful-paint', (one) => { park.paint = one.startTime })
keep('longtask', (one) => park.tasks.push([one.startTime, one.duration]))
keep('paint', (one) => { if (one.name === 'first-contentful-paint') park.first = one.startTime })
