/** Where a register puts its own screens in place of the generic ones: `registers/<any>/index.ts`. */
import type { Component } from 'vue'

import type { RecordRow } from '@/api/shapes'

export interface OwnTab {
  name: string
  /** Key of its label in the message catalogues. */
  label: string
  component: Component
  /** Registers the person must see for the tab to appear. */
  needs?: string[]
  /** Roles the tab is for; everybody's when left out. */
  roles?: string[]
  /** Stands before the details and is what one sees first. */
  leads?: boolean
}

/** A form that starts with a few fields, keeps the rest folded, and files in one step. */
export interface QuickForm {
  roles: string[]
  lead: string[]
  /** Move taken right after the record is created. */
  move: string
}

export interface OwnScreens {
  register: string
  list?: Component
  form?: Component
  detail?: Component
  tabs?: OwnTab[]
  quickForm?: QuickForm
  /** Moves that an own tab offers in its own way, so that the bar leaves them out. */
  ownMoves?: string[]
  /** Moves that are asked about before they are taken: what happens then, as a key of the messages. */
  asks?: Record<string, string>
  /** Moves that lead on more than others of their tone. */
  firstMoves?: string[]
  /** A further act on chosen rows, in the bar over the ledger. */
  bulk?: Component
  /** Ways on from the list, beside its buttons. */
  listLinks?: { label: string; to: string; dataTest: string }[]
  /** A further act on a record, beside its moves: it decides itself when there is anything to do. */
  beside?: Component
  /** Further ways on from a record, beside its moves, for those who may create in `creates`. */
  links?: (record: RecordRow) => { label: string; to: string; creates: string; dataTest: string }[]
}

const found = import.meta.glob<OwnScreens>('../registers/*/index.ts', { eager: true, import: 'default' })
const byRegister = new Map(Object.values(found).map((screens) => [screens.register, screens]))

export function screensOf(register: string): OwnScreens | undefined {
  return byRegister.get(register)
}
