/** What is promised, and what the stock parts took in a real pod of a real cluster earlier: printed beside what is measured now. */

export interface Beside {
  /** Ours may not be worse. */
  readonly budget?: string
  readonly stock?: string
}

/** By section and measure. */
export const beside: Readonly<Record<string, Beside>> = {
  'sidecar/anonymous': {
    budget: 'hibernating ≤ 0.1 MiB, resident ≤ 16 MiB',
    stock: 'Vault Agent 14.1 MiB in a pod',
  },
  'sidecar/working-set': {
    budget: 'hibernating ≤ 8 MiB, aim 4',
    stock: 'Vault Agent 15.9 MiB in a pod',
  },
  'sidecar/peak-anonymous': { budget: 'a step ≤ 45 MiB' },
  'sidecar/pod-requests': { budget: '2', stock: 'Vault Agent 8 audited and 2 for health' },
  'start/start-to-file': { budget: "≤ Vault Agent's", stock: 'Vault Agent 63–76 ms' },
  'admission/processor': { budget: "≤ ⅔ of vault-k8s'" },
  'admission/slowest': {
    budget: "no worse than vault-k8s'",
    stock: 'vault-k8s 2.3, 21–31, 88–153 ms',
  },
  'admission/rate': { stock: 'vault-k8s 1,900/s at 1, 3,000/s at 16 and 64' },
  'images/compressed': { stock: 'hashicorp/vault 150–200 MB' },
  'growth-secrets/anonymous': { stock: 'Vault Agent 13.9, 22.7, 24.7 MiB at 1, 20, 100' },
}
