/** Projects: the ways to matching, to a draw, to a panel. */
import type { OwnScreens } from '@/records/screens'

const screens: OwnScreens = {
  register: 'projects',
  links: (record) => [
    { label: 'match.open', to: `/r/projects/${record.id}/matches`, creates: 'matches', dataTest: 'open-matches' },
    { label: 'draw.new', to: `/r/draws/new?project_id=${record.id}`, creates: 'draws', dataTest: 'new-draw' },
    { label: 'panel.convene', to: `/r/panels/new?project_id=${record.id}`, creates: 'panels', dataTest: 'convene' },
  ],
}
export default screens
