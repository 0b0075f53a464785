/** Draws: the course of one as its first tab; promising and showing a number are done there. */
import { defineAsyncComponent } from 'vue'

import type { OwnScreens } from '@/records/screens'

const CourseTab = defineAsyncComponent(() => import('@/draws/CourseTab.vue'))

const OUT = new Set(['released', 'published'])

const screens: OwnScreens = {
  register: 'draws',
  ownMoves: ['commit', 'reveal'],
  asks: { release: 'draw.asks.release', void: 'draw.asks.void' },
  tabs: [{ name: 'course', label: 'draw.course', component: CourseTab, leads: true }],
  listLinks: [{ label: 'draw.public', to: '/public/draws', dataTest: 'public-draws' }],
  links: (record) => {
    if (!OUT.has(String(record.state))) return []
    // the matter, the seats and who sits in them are the draw's
    const query = new URLSearchParams({ mode: 'draw', draw_id: record.id, title: String(record['title'] ?? '') })
    return [{ label: 'panel.convene', to: `/r/panels/new?${query}`, creates: 'panels', dataTest: 'convene' }]
  },
}
export default screens
