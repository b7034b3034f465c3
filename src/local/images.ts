/** One image to be built, as the builder needs it. Paths are absolute. */
export interface BuildSpec {
  readonly tags: readonly string[]
  readonly context: string
  readonly dockerfile: string
  readonly target?: string
  readonly args?: Readonly<Record<string, string | null>>
  readonly labels?: Readonly<Record<string, string>>
  readonly no_cache?: boolean
  readonly pull?: boolean
  readonly platform?: string
}
