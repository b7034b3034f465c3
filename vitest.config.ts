import { defineConfig } from 'vitest/config'

const values = [
  'test/*.test.ts',
  'test/{base,text,model,spec,load,registry,plan,engine,local,actions,ui,cli,law,parity}/**/*.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'values', include: values, pool: 'threads', testTimeout: 60_000, sequence: { groupOrder: 0 } },
      },
      {
        test: {
          name: 'engine',
          // After the others: an engine under test should not compete with them.
          sequence: { groupOrder: 1 },
          include: ['test/{contract,scenario}/**/*.test.ts'],
          globalSetup: ['test/kit/scenario-setup.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
