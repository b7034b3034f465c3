// @types/dockerode types the front door only.
declare module 'dockerode/lib/container.js' {
  import type Dockerode from 'dockerode'

  const Container: typeof Dockerode.Container
  export default Container
}
declare module 'dockerode/lib/network.js' {
  import type Dockerode from 'dockerode'

  const Network: typeof Dockerode.Network
  export default Network
}
declare module 'dockerode/lib/volume.js' {
  import type Dockerode from 'dockerode'

  const Volume: typeof Dockerode.Volume
  export default Volume
}
declare module 'dockerode/lib/image.js' {
  import type Dockerode from 'dockerode'

  const Image: typeof Dockerode.Image
  export default Image
}
declare module 'dockerode/lib/exec.js' {
  import type Dockerode from 'dockerode'

  const Exec: typeof Dockerode.Exec
  export default Exec
}
