/** The type of a container, with everything below it. Source: Kubernetes, k8s.io/api/core/v1 0.36, types.go. */
import type { GoField, GoType } from './go-type.ts'

const string: GoType = { kind: 'string' }
const bool: GoType = { kind: 'bool' }
const int: GoType = { kind: 'int' }
const quantity: GoType = { kind: 'quantity' }
const intOrString: GoType = { kind: 'intOrString' }

const list = (of: GoType): GoType => ({ kind: 'list', of })
const map = (of: GoType): GoType => ({ kind: 'map', of })
const struct = (fields: Readonly<Record<string, GoType | GoField>>): GoType => ({
  kind: 'struct',
  fields: new Map(
    Object.entries(fields).map(([name, field]) => [
      name,
      'kind' in field ? { type: field } : field,
    ]),
  ),
})
const pointer = (type: GoType): GoField => ({ type, pointer: true })
const always = (type: GoType): GoField => ({ type, always: true })

const namedKey = struct({ name: string, key: always(string), optional: pointer(bool) })
const namedSource = struct({ name: string, optional: pointer(bool) })

const envVar = struct({
  name: always(string),
  value: string,
  valueFrom: pointer(
    struct({
      fieldRef: pointer(struct({ apiVersion: string, fieldPath: always(string) })),
      resourceFieldRef: pointer(
        struct({ containerName: string, resource: always(string), divisor: quantity }),
      ),
      configMapKeyRef: pointer(namedKey),
      secretKeyRef: pointer(namedKey),
      fileKeyRef: pointer(
        struct({
          volumeName: always(string),
          path: always(string),
          key: always(string),
          optional: pointer(bool),
        }),
      ),
    }),
  ),
})

const exec = pointer(struct({ command: list(string) }))
const httpGet = pointer(
  struct({
    path: string,
    port: always(intOrString),
    host: string,
    scheme: string,
    httpHeaders: list(struct({ name: always(string), value: always(string) })),
  }),
)
const tcpSocket = pointer(struct({ port: always(intOrString), host: string }))

const probe = pointer(
  struct({
    exec,
    httpGet,
    tcpSocket,
    grpc: pointer(
      struct({ port: always(int), service: { type: string, pointer: true, always: true } }),
    ),
    initialDelaySeconds: int,
    timeoutSeconds: int,
    periodSeconds: int,
    successThreshold: int,
    failureThreshold: int,
    terminationGracePeriodSeconds: pointer(int),
  }),
)

const lifecycleHandler = pointer(
  struct({ exec, httpGet, tcpSocket, sleep: pointer(struct({ seconds: always(int) })) }),
)

const confinement = pointer(struct({ type: always(string), localhostProfile: pointer(string) }))

const securityContext = pointer(
  struct({
    capabilities: pointer(struct({ add: list(string), drop: list(string) })),
    privileged: pointer(bool),
    seLinuxOptions: pointer(struct({ user: string, role: string, type: string, level: string })),
    windowsOptions: pointer(
      struct({
        gmsaCredentialSpecName: pointer(string),
        gmsaCredentialSpec: pointer(string),
        runAsUserName: pointer(string),
        hostProcess: pointer(bool),
      }),
    ),
    runAsUser: pointer(int),
    runAsGroup: pointer(int),
    runAsNonRoot: pointer(bool),
    readOnlyRootFilesystem: pointer(bool),
    allowPrivilegeEscalation: pointer(bool),
    procMount: pointer(string),
    seccompProfile: confinement,
    appArmorProfile: confinement,
  }),
)

export const containerType: GoType = struct({
  name: always(string),
  image: string,
  command: list(string),
  args: list(string),
  workingDir: string,
  ports: list(
    struct({
      name: string,
      hostPort: int,
      containerPort: always(int),
      protocol: string,
      hostIP: string,
    }),
  ),
  envFrom: list(
    struct({ prefix: string, configMapRef: pointer(namedSource), secretRef: pointer(namedSource) }),
  ),
  env: list(envVar),
  resources: struct({
    limits: map(quantity),
    requests: map(quantity),
    claims: list(struct({ name: always(string), request: string })),
  }),
  resizePolicy: list(struct({ resourceName: always(string), restartPolicy: always(string) })),
  restartPolicy: pointer(string),
  restartPolicyRules: list(
    struct({ action: string, exitCodes: pointer(struct({ operator: string, values: list(int) })) }),
  ),
  volumeMounts: list(
    struct({
      name: always(string),
      readOnly: bool,
      recursiveReadOnly: pointer(string),
      mountPath: always(string),
      subPath: string,
      mountPropagation: pointer(string),
      subPathExpr: string,
    }),
  ),
  volumeDevices: list(struct({ name: always(string), devicePath: always(string) })),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: pointer(
    struct({ postStart: lifecycleHandler, preStop: lifecycleHandler, stopSignal: pointer(string) }),
  ),
  terminationMessagePath: string,
  terminationMessagePolicy: string,
  imagePullPolicy: string,
  securityContext,
  stdin: bool,
  stdinOnce: bool,
  tty: bool,
})
