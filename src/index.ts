// What a program can import. Everything is named here, so that nothing is public by accident.
export { type DownOptions, type DownResult, down } from './actions/down.ts'
export type {
  Emit,
  Event,
  FailureEvent,
  FollowingEvent,
  LogEvent,
  ProgressEvent,
  Stage,
  StatusEvent,
  StoppingEvent,
} from './actions/event.ts'
export { type LifecycleOptions, type LifecycleResult, restart, scale, start, stop } from './actions/lifecycle.ts'
export type { ActionOptions } from './actions/options.ts'
export { type AttachedOptions, upAttached } from './actions/output/follow.ts'
export { type LogsOptions, logs } from './actions/output/logs.ts'
export { hasChanges, type PlanOptions, planUp } from './actions/plan-up.ts'
export { type Status, type StatusOptions, status } from './actions/status.ts'
export { type LiveContainer, type UpOptions, type UpResult, up } from './actions/up.ts'
export { connect } from './engine/connect.ts'
export type { Engine, EngineInfo, Feature } from './engine/engine.ts'
export { EngineError, type EngineReason } from './engine/errors.ts'
export { type Loaded, type LoadOptions, load } from './load/load.ts'
export type { Network, Project, Service, Volume } from './model/project.ts'
export { type Selection, select } from './model/select.ts'
export { type Outcome, PlanFailed, type StepEvent } from './plan/execute.ts'
export type { Change, Outline, OutlinedStep, Question, Reason, Unit } from './plan/plan.ts'
export type { Origin } from './text/origin.ts'
export { type Problem, problemJson, UserError } from './text/problem.ts'
export { type Position, position, type Source, type Span } from './text/source.ts'
