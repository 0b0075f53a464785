/** Projects: the way to matching. */
import type { OwnScreens } from '@/records/screens'

const screens: OwnScreens = {
  register: 'projects',
  links: (record) => [
    { label: 'match.open', to: `/r/projects/${record.id}/matches`, creates: 'matches', dataTest: 'open-matches' },
  ],
}
export default screens
