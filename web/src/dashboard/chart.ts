/** One figure as bars on a canvas (the other renderer writes inline styles, which the page's policy forbids). */
import { BarChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

import type { Figure } from '@/api/front'

use([BarChart, GridComponent, LegendComponent, AriaComponent, CanvasRenderer])

const PARTS = ['--part-1', '--part-2', '--part-5', '--part-3', '--part-4', '--part-6']
const LONGEST = 14 // characters of a name beside its bar

export interface Drawn {
  redraw: (figure: Figure) => void
  resize: () => void
  end: () => void
}

/** Which numbers of a line are drawn: of a table the parts of its first number, else the only one. */
export function seriesOf(figure: Figure): number[] {
  return figure.shape === 'table' ? figure.columns.map((_, at) => at).slice(1, -1) : [0]
}

const shown = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name)

function options(figure: Figure) {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const size = Number.parseFloat(style.fontSize) * 0.8
  const upright = figure.shape === 'columns'
  const names = figure.lines.map((line) => line.label)
  const text = { color: colour('--ink-soft'), fontSize: size, fontFamily: getComputedStyle(document.body).fontFamily }
  const categories = {
    type: 'category' as const,
    data: names,
    inverse: !upright,
    axisLabel: { ...text, formatter: shown, interval: 0, rotate: upright ? 45 : 0 },
    axisLine: { lineStyle: { color: colour('--line-strong') } },
    axisTick: { show: false },
  }
  const values = {
    type: 'value' as const,
    minInterval: 1,
    axisLabel: text,
    splitLine: { lineStyle: { color: colour('--line') } },
  }
  const drawn = seriesOf(figure)
  return {
    animation: false,
    textStyle: text,
    aria: { enabled: true, decal: { show: drawn.length > 1 } },
    grid: { left: 8, right: 40, top: drawn.length > 1 ? 36 : 12, bottom: 8, containLabel: true },
    legend: { show: drawn.length > 1, top: 0, textStyle: text },
    xAxis: upright ? categories : values,
    yAxis: upright ? values : categories,
    series: drawn.map((column, place) => ({
      type: 'bar' as const,
      name: figure.columns[column] ?? '',
      ...(drawn.length > 1 && { stack: 'all' }),
      barMaxWidth: 28,
      itemStyle: { color: colour(PARTS[place] ?? '--part-6') },
      label: {
        ...text,
        show: drawn.length === 1,
        color: colour('--ink'),
        position: upright ? ('top' as const) : ('right' as const),
      },
      data: figure.lines.map((line) => line.numbers[column]?.value ?? null),
    })),
  }
}

export function draw(box: HTMLElement, figure: Figure, open: (line: number, column: number) => void): Drawn {
  const chart: EChartsType = init(box, null, { renderer: 'canvas' })
  chart.setOption(options(figure))
  chart.on('click', (event) => {
    const column = seriesOf(figure)[event.seriesIndex ?? 0]
    if (column !== undefined) open(event.dataIndex, column)
  })
  return {
    redraw: (changed) => chart.setOption(options(changed), true),
    resize: () => chart.resize(),
    end: () => chart.dispose(),
  }
}
