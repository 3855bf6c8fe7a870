/** The base of request URLs for a configured address, without a slash at its end; behind a unix socket the host is a mere name. */
export function endpointOf(address: string): string {
  return address.startsWith('unix:') ? 'http://localhost' : address.replace(/\/+$/, '')
}
