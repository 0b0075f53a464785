/** Reviews: the sheet its author fills in. */
import { defineAsyncComponent } from 'vue'

import type { OwnScreens } from '@/records/screens'

const ScoresTab = defineAsyncComponent(() => import('@/panels/ScoresTab.vue'))

const screens: OwnScreens = {
  register: 'reviews',
  ownMoves: ['submit'],
  tabs: [{ name: 'scores', label: 'panel.sheet', component: ScoresTab, roles: ['expert'] }],
}
export default screens
