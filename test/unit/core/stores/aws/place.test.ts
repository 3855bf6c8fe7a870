/** Where a store of AWS is, of its settings and the variables that stand in for them. */
import { expect, test } from '@jest/globals'
import { findPlace } from '../../../../../core/stores/aws/place.ts'

test.each([
  [{}, {}, 'us-east-1'],
  [{}, { AWS_DEFAULT_REGION: 'eu-north-1' }, 'eu-north-1'],
  [{}, { AWS_DEFAULT_REGION: 'eu-north-1', AWS_REGION: 'eu-west-1' }, 'eu-west-1'],
  [{ region: 'eu-south-2' }, { AWS_REGION: 'eu-west-1' }, 'eu-south-2'],
])('with settings %j and variables %j the region is', (given, environment, region) => {
  const values = new Map<string, string>(Object.entries(given))
  const settings = { name: 'aws', type: 'aws', values } as const
  const place = findPlace(settings, environment, 'secretsmanager')
  expect(place.region).toBe(region)
  expect(place.addressIn(region)).toContain(`secretsmanager.${region}.amazonaws.com`)
})
