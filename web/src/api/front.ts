/** The figures of the dashboard and the working days of the calendar. */
import { call } from './client'

export interface FigureNumber {
  value: number | null
  /** Of the list it counts. */
  query: Record<string, string | string[]>
}

export interface FigureLine {
  label: string
  numbers: FigureNumber[]
}

export interface Figure {
  name: string
  title: string
  register: string
  shape: 'bars' | 'columns' | 'table'
  columns: string[]
  lines: FigureLine[]
}

export interface Dashboard {
  as_of: string
  figures: Figure[]
}

export interface Workdays {
  today: string
  items: { day: string; works: boolean | null }[]
}

export const dashboard = (): Promise<Dashboard> => call('/dashboard')
export const workdays = (since: string, until: string): Promise<Workdays> =>
  call('/calendar/workdays', { query: { since, until } })
