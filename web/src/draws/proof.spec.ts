/** An expert's proof is checked as the house computes it: the same tree, the same pseudonyms. */
import { expect, test } from 'vitest'

import type { Proof } from '@/api/draws'

import { canonical, proves, rootOf } from './proof'

/** The last of five entries, so that a floor without a neighbour is on the way (app.matching.drawing.merkle). */
const proof = {
  expert_id: 'expert-0',
  secret: '00000000000000000000000000000000',
  root: '29644e030540bd9574b9923a4e0bb759d4408b5628459e88ee7994dfe52700db',
  entry: {
    id: 'ef3e1b620952a78d692d20e8ca87b30a4e66782018b7e0e46b3e98daa7d0e76d',
    unit: '单位0',
    strata: ['technical'],
    excluded: ['load'],
    salt: '00000000000000000000000000000007',
  },
  steps: [
    [null, null],
    [null, null],
    ['left', '4f833e311c84d728bd923e6f34a1e666e99385de001b93f7079a87568b6aba9f'],
  ],
} as unknown as Proof

test('the proof of the house leads to the root', () => {
  expect(rootOf(proof.entry as never, proof.steps)).toBe(proof.root)
  expect(proves(proof)).toBe(true)
})

test('a changed entry, another root, and an entry of somebody else prove nothing', () => {
  expect(proves({ ...proof, entry: { ...proof.entry, unit: '别的单位' } } as Proof)).toBe(false)
  expect(proves({ ...proof, root: proof.root.replaceAll('a', 'b') })).toBe(false)
  expect(proves({ ...proof, expert_id: 'somebody-else' })).toBe(false)
})

test('names stand in the order of their characters, texts as JSON writes them', () => {
  expect(canonical({ b: ['x', null], a: '引"号', A: 1 })).toBe('{"A":1,"a":"引\\"号","b":["x",null]}')
})
