/** Turning complaints and problems into lines a person can follow to the field. */
import { useI18n } from 'vue-i18n'

import { Problem } from '@/api/client'
import { sentenceOf } from '@/api/problem'
import type { Field } from '@/api/shapes'
import type { ErrorLine } from '@/ui/ErrorSummary.vue'

import { elementId, type Complaint } from './values'

/** Messages by pointer, as SchemaForm shows them beside its fields. */
export type Messages = Record<string, string>

export interface FormErrors {
  lines: ErrorLine[]
  messages: Messages
}

export const NO_ERRORS: FormErrors = { lines: [], messages: {} }

function fieldAt(pointer: string, fields: Field[]): Field | undefined {
  const [, name, , column] = pointer.split('/')
  const field = fields.find((one) => one.name === name)
  return column ? (field?.columns?.find((one) => one.name === column) ?? field) : field
}

/** Where the form shows a message: an item of a list belongs to its field, a cell of a row to its column. */
function shownAt(pointer: string, fields: Field[]): string {
  const [, name, row, column] = pointer.split('/')
  const field = fields.find((one) => one.name === name)
  const isCell = field?.columns?.some((one) => one.name === column)
  return isCell ? `/${name}/${row}/${column}` : `/${name}`
}

export function useFormErrors(prefix: string) {
  const { t } = useI18n()

  function fromComplaints(found: Complaint[]): FormErrors {
    const messages: Messages = {}
    const lines = found.map(({ pointer, code, field }) => {
      const limits = {
        field: field.label,
        min: field.min_length ?? field.minimum ?? '',
        max: field.max_length ?? field.maximum ?? '',
      }
      const text = t(`form.complaints.${code}`, limits)
      messages[pointer] = text
      return { target: elementId(prefix, pointer), text }
    })
    return { lines, messages }
  }

  /** `others` are fields the form does not hold but the refusal may be about: named, not linked. */
  function fromProblem(cause: unknown, fields: Field[], others: Field[] = []): FormErrors {
    if (!(cause instanceof Problem) || cause.errors.length === 0) {
      return { lines: [{ target: null, text: sentenceOf(cause) }], messages: {} }
    }
    const messages: Messages = {}
    const lines = cause.errors.map(({ pointer, detail }) => {
      const own = fieldAt(pointer, fields)
      const field = own ?? fieldAt(pointer, others)
      const place = shownAt(pointer, fields)
      messages[place] = messages[place] ? `${messages[place]} ${detail}` : detail
      const text = field && !detail.includes(field.label) ? t('form.line', { field: field.label, detail }) : detail
      return { target: own ? elementId(prefix, place) : null, text }
    })
    return { lines, messages }
  }

  return { fromComplaints, fromProblem }
}
