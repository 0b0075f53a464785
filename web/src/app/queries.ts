/** One cache of server answers for the whole page. */
import { QueryClient } from '@tanstack/vue-query'

import { Problem } from '@/api/client'

const FRESH_FOR = 15_000
const RETRIES = 2

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_FOR,
      refetchOnWindowFocus: false,
      // a refusal stays a refusal; only a broken line is worth another try
      retry: (failures, cause) => !(cause instanceof Problem && cause.status < 500) && failures < RETRIES,
    },
  },
})
