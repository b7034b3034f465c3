import { defineConfig } from 'vitest/config'

const onEngine = ['test/{contract,scenario}/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'values',
          include: ['test/**/*.test.ts'],
          exclude: onEngine,
          pool: 'threads',
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'engine',
          // After the others: an engine under test should not compete with them.
          sequence: { groupOrder: 1 },
          include: onEngine,
          globalSetup: ['test/kit/scenario-setup.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
