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
      // without a network the worker may know the answer (web/public/sw.js)
      networkMode: 'offlineFirst',
      // a refusal stays a refusal and a fault a fault; only a broken line or a busy server is worth another try
      retry: (failures, cause) => !(cause instanceof Problem && cause.status <= 500) && failures < RETRIES,
    },
  },
})
