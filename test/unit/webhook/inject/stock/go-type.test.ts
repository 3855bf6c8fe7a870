import { expect, test } from '@jest/globals'
import { containerType } from '../../../../../webhook/inject/stock/container-type.ts'
import { convert } from '../../../../../webhook/inject/stock/go-type.ts'

const bare = { name: 'a', resources: {} }

test.each<[string, object, object]>([
  ['unknown fields and nulls go', { name: 'a', future: 1, image: null }, bare],
  ['empty values go', { name: 'a', image: '', env: [], tty: false, command: null }, bare],
  ['a name is always there', {}, { name: '', resources: {} }],
  ['keys are found in any letter case', { NAME: 'a', Image: 'i' }, { ...bare, image: 'i' }],
  [
    'quantities become canonical, numbers too',
    { name: 'a', resources: { limits: { cpu: '0.5', memory: 1024 }, requests: {} } },
    { name: 'a', resources: { limits: { cpu: '500m', memory: '1024' } } },
  ],
  [
    'what is a pointer keeps its zero',
    { name: 'a', securityContext: { privileged: false, runAsUser: 0 }, livenessProbe: {} },
    { ...bare, securityContext: { privileged: false, runAsUser: 0 }, livenessProbe: {} },
  ],
  [
    'what must be there appears',
    { name: 'a', env: [{}], volumeMounts: [null], livenessProbe: { grpc: {}, periodSeconds: 0 } },
    {
      ...bare,
      env: [{ name: '' }],
      volumeMounts: [{ name: '', mountPath: '' }],
      livenessProbe: { grpc: { port: 0, service: null } },
    },
  ],
  [
    'a port is a number or a text',
    { name: 'a', readinessProbe: { httpGet: { port: 'http' }, tcpSocket: {} } },
    { ...bare, readinessProbe: { httpGet: { port: 'http' }, tcpSocket: { port: 0 } } },
  ],
  [
    'a resource reference has a divisor',
    {
      name: 'a',
      env: [{ name: 'X', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }],
    },
    {
      ...bare,
      env: [
        { name: 'X', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } } },
      ],
    },
  ],
])('%s', (_, value, expected) => {
  expect(convert(containerType, value, 'c')).toEqual({ kind: 'ok', value: expected })
})

test.each<[object, string]>([
  [{ image: 5 }, 'c.image'],
  [{ command: 'true' }, 'c.command'],
  [{ tty: 'yes' }, 'c.tty'],
  [{ ports: [{ containerPort: 80.5 }] }, 'c.ports[0].containerPort'],
  [{ resources: { limits: { cpu: 'many' } } }, 'c.resources.limits.cpu'],
  [{ securityContext: [] }, 'c.securityContext'],
])('%j has a wrong type at %s', (value, path) => {
  const problem = { code: 'pod', path, expected: expect.any(String) }
  expect(convert(containerType, value, 'c')).toEqual({ kind: 'problem', problem })
})
