import { describe, expect, it } from 'vitest'

import { beingNamed, pieces, stillNamed, withName } from './mentions'

describe('naming somebody', () => {
  it('begins at an @ and ends at a blank', () => {
    expect(beingNamed('请@王', 3)).toEqual({ from: 1, words: '王' })
    expect(beingNamed('@', 1)).toEqual({ from: 0, words: '' })
    expect(beingNamed('@王芳 请看', 6)).toBeNull()
    expect(beingNamed('no one', 6)).toBeNull()
  })

  it('is no mail address', () => {
    expect(beingNamed('name@example', 12)).toBeNull()
  })

  it('writes the name out and goes on behind it', () => {
    expect(withName('请@王看', 1, 3, '王芳')).toEqual({ text: '请@王芳 看', caret: 5 })
  })

  it('forgets who was taken out of the text again', () => {
    const wang = { id: '1', name: '王芳' }
    const li = { id: '2', name: '李明' }
    expect(stillNamed('@王芳 请看', [wang, li, wang])).toEqual([wang])
  })
})

describe('a text shown', () => {
  it('is cut where somebody is named, whatever signs the name has', () => {
    expect(pieces('请 @王芳 看', ['王芳'])).toEqual([
      { text: '请 ', named: false },
      { text: '@王芳', named: true },
      { text: ' 看', named: false },
    ])
    expect(pieces('@a.b(c)', ['a.b(c)'])).toEqual([{ text: '@a.b(c)', named: true }])
    expect(pieces('无人', [])).toEqual([{ text: '无人', named: false }])
  })
})
