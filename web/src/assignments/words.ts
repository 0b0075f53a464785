/** The certificate of an assignment in plain sentences: what is proved, and what was only found. */
import type { Certificate } from '@/api/assignments'
import { formatNumber, formatPercent } from '@/i18n/formats'

/** A message of the catalogues with its values. */
export interface Sentence {
  key: string
  values: Record<string, string>
}

const DIGITS = 4

function points(value: number): string {
  return formatNumber(Number(value.toFixed(DIGITS)))
}

/** A gap is rounded up: a promise must not sound better than it is. */
function gapOf(certificate: Certificate): string {
  const thousandths = Math.ceil(certificate.gap * 1000 - 1e-9)
  return formatPercent(Math.max(1, thousandths) / 1000)
}

function ofTheWorst(certificate: Certificate): Sentence[] {
  const { worst, worst_bound: bound, worst_proved: proved } = certificate
  if (bound === null) return []
  const values = { worst: points(worst), bound: points(bound) }
  return [{ key: proved ? 'assignment.worstProved' : 'assignment.worstBound', values }]
}

export function sentencesOf(certificate: Certificate): Sentence[] {
  const values = { total: points(certificate.total), bound: points(certificate.bound), gap: gapOf(certificate) }
  return [
    ...ofTheWorst(certificate),
    { key: certificate.proved ? totalProved(certificate) : 'assignment.totalBound', values },
    {
      key: 'assignment.priced',
      values: {
        priced: formatNumber(certificate.pairs_priced),
        considered: formatNumber(certificate.pairs_considered),
        rounds: formatNumber(certificate.rounds),
      },
    },
  ]
}

/** With the worst-off first, the total is the best only among those that serve the worst-off as well. */
function totalProved(certificate: Certificate): string {
  return certificate.worst_bound === null ? 'assignment.totalProved' : 'assignment.totalProvedAmong'
}
