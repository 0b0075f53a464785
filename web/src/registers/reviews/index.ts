/** Reviews: the sheet its author fills in. */
import ScoresTab from '@/panels/ScoresTab.vue'
import type { OwnScreens } from '@/records/screens'

const screens: OwnScreens = {
  register: 'reviews',
  ownMoves: ['submit'],
  tabs: [{ name: 'scores', label: 'panel.sheet', component: ScoresTab, roles: ['expert'] }],
}
export default screens
