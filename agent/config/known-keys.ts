/** The keys of each block, from which unknown ones are told: Vault Agent's, OpenBao's, and Claviger's own. */

export interface BlockKeys {
  readonly keys: ReadonlySet<string>
  /** Read by Vault Agent and without a meaning here. */
  readonly ineffective: ReadonlySet<string>
  /** Whether an unknown key is refused, as Vault Agent does, or only warned of. */
  readonly isStrict: boolean
}

function row(keys: string, ineffective = '', isStrict = false): BlockKeys {
  const split = (words: string) => words.split(/\s+/).filter((word) => word !== '')
  return {
    keys: new Set([...split(keys), ...split(ineffective)]),
    ineffective: new Set(split(ineffective)),
    isStrict,
  }
}

const textKeys =
  'source contents error_on_missing_key error_fatal left_delimiter right_delimiter function_denylist function_blacklist engine'

/** Block → its keys. One row per block. */
export const knownKeys = {
  root: row(
    `auto_auth cache api_proxy listener template template_config env_template exec vault telemetry claviger pid_file
    exit_after_auth log_level log_format log_file log_rotate_bytes log_rotate_duration log_rotate_max_files
    disable_idle_connections disable_keep_alives`,
    'disable_mlock cluster_name default_max_request_duration',
  ),
  vault: row(
    'address ca_cert ca_path client_cert client_key tls_skip_verify tls_server_name namespace retry',
  ),
  retry: row('num_retries'),
  auto_auth: row('method sink sinks enable_reauth_on_new_credentials'),
  method: row('type mount_path namespace config wrap_ttl min_backoff max_backoff exit_on_err'),
  sink: row('type wrap_ttl dh_type dh_path derive_key aad aad_env_var config'),
  sink_config: row('path mode uid gid'),
  template_config: row(
    'exit_on_retry_failure static_secret_render_interval max_connections_per_host lease_renewal_threshold',
  ),
  template: row(
    `${textKeys} destination create_dest_dirs command command_timeout exec perms user uid group gid backup sandbox_path
    wait format secret optional max_stale max_stale_action signal signal_process`,
    '',
    true,
  ),
  template_exec: row('command timeout', 'enabled kill_timeout splay', true),
  wait: row('min max', '', true),
  env_template: row(textKeys, '', true),
  exec: row(
    'command restart_on_secret_changes restart_stop_signal',
    'child_process_stdout child_process_stderr',
    true,
  ),
  cache: row(
    'use_auto_auth_token persist',
    `enforce_consistency when_inconsistent cache_static_secrets static_secret_token_capability_refresh_interval
    static_secret_token_capability_refresh_behavior disable_caching_dynamic_secrets`,
  ),
  persist: row('type path keep_after_import exit_on_err', 'service_account_token_file'),
  api_proxy: row(
    'use_auto_auth_token prepend_configured_namespace',
    'enforce_consistency when_inconsistent',
  ),
  listener: row(
    `type address tls_disable tls_cert_file tls_key_file tls_min_version tls_max_version tls_cipher_suites
    tls_require_and_verify_client_cert tls_client_ca_file tls_disable_client_certs socket_mode socket_user socket_group
    role require_request_header agent_api`,
    `purpose proxy_api tls_auto_reload tls_prefer_server_cipher_suites max_request_size max_request_duration
    http_read_timeout http_read_header_timeout http_write_timeout http_idle_timeout telemetry proxy_protocol_behavior
    proxy_protocol_authorized_addrs x_forwarded_for_authorized_addrs x_forwarded_for_hop_skips
    x_forwarded_for_reject_not_authorized x_forwarded_for_reject_not_present custom_response_headers`,
  ),
  agent_api: row('enable_quit'),
  telemetry: row(
    'prometheus_retention_time metrics_prefix disable_hostname enable_hostname_label',
    `usage_gauge_period maximum_gauge_cardinality lease_metrics_epsilon num_lease_metrics_buckets
    add_lease_metrics_namespace_labels add_mount_point_rollback_metrics filter_default prefix_filter
    statsite_address statsd_address circonus_api_token circonus_api_app circonus_api_url circonus_submission_interval
    circonus_submission_url circonus_check_id circonus_check_force_metric_activation circonus_check_instance_id
    circonus_check_search_tag circonus_check_display_name circonus_check_tags circonus_broker_id
    circonus_broker_select_tag dogstatsd_addr dogstatsd_tags stackdriver_project_id stackdriver_location
    stackdriver_namespace stackdriver_debug_logs`,
  ),
  claviger: row(
    `state_path init_deadline template_policy revoke_on_shutdown revoke_grace generations exit_on_refresh_failure hibernate
    stores default_store traces`,
  ),
  traces: row('endpoint headers_path ca_cert'),
  template_policy: row('preset file write_to_file plugin network denied_functions environment'),
} as const satisfies Record<string, BlockKeys>

export type BlockName = keyof typeof knownKeys

/** Auth method → the keys of its `config`. Source: Vault's documentation of each method. */
export const methodKeys: ReadonlyMap<string, BlockKeys> = new Map([
  ['kubernetes', row('role token_path')],
  ['jwt', row('role path remove_jwt_after_reading remove_jwt_follows_symlinks', 'jwt_read_period')],
  [
    'approle',
    row(`role_id_file_path secret_id_file_path remove_secret_id_file_after_reading
      secret_id_response_wrapping_path`),
  ],
  ['cert', row('name ca_cert client_cert client_key reload')],
  ['token_file', row('token_file_path')],
  [
    'ldap',
    row(
      `username password_file_path remove_password_after_reading remove_password_follows_symlinks`,
      'password_read_period',
    ),
  ],
  [
    'aws',
    row(
      'type role access_key secret_key session_token region header_value nonce',
      'credential_poll_interval',
    ),
  ],
  ['azure', row('role resource object_id client_id scope authenticate_from_environment')],
  ['gcp', row('type role credentials service_account jwt_exp')],
])
