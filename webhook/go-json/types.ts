/**
 * What Go decodes an AdmissionReview and a Pod into: every struct that they reach, its fields by their JSON names. Generated from
 * k8s.io/api v0.37 (admission, authentication and core v1) and the metadata of apimachinery; pointers are left out, because
 * they never show in an error. A field is `name type`, an embedded struct `+Type`; types without a package are of a package v1.
 */
export const structTypes: Readonly<Record<string, string>> = {
  // vault-k8s wraps the review so that one type takes both versions of it.
  unversionedAdmissionReview: '+AdmissionReview',
  AWSElasticBlockStoreVolumeSource:
    'volumeID string; fsType string; partition int32; readOnly bool',
  AdmissionRequest:
    'uid types.UID; kind GroupVersionKind; resource GroupVersionResource; subResource string; requestKind GroupVersionKind; requestResource GroupVersionResource; requestSubResource string; name string; namespace string; operation Operation; userInfo UserInfo; object runtime.RawExtension; oldObject runtime.RawExtension; dryRun bool; options runtime.RawExtension',
  AdmissionResponse:
    'uid types.UID; allowed bool; status Status; patch []byte; patchType PatchType; auditAnnotations map[string]string; warnings []string',
  AdmissionReview: '+TypeMeta; request AdmissionRequest; response AdmissionResponse',
  Affinity: 'nodeAffinity NodeAffinity; podAffinity PodAffinity; podAntiAffinity PodAntiAffinity',
  AppArmorProfile: 'type AppArmorProfileType; localhostProfile string',
  AzureDiskVolumeSource:
    'diskName string; diskURI string; cachingMode AzureDataDiskCachingMode; fsType string; readOnly bool; kind AzureDataDiskKind',
  AzureFileVolumeSource: 'secretName string; shareName string; readOnly bool',
  CSIVolumeSource:
    'driver string; readOnly bool; fsType string; volumeAttributes map[string]string; nodePublishSecretRef LocalObjectReference',
  Capabilities: 'add []Capability; drop []Capability',
  CephFSVolumeSource:
    'monitors []string; path string; user string; secretFile string; secretRef LocalObjectReference; readOnly bool',
  CinderVolumeSource:
    'volumeID string; fsType string; readOnly bool; secretRef LocalObjectReference',
  ClusterTrustBundleProjection:
    'name string; signerName string; labelSelector LabelSelector; optional bool; path string; user int64',
  ConfigMapEnvSource: '+LocalObjectReference; optional bool',
  ConfigMapKeySelector: '+LocalObjectReference; key string; optional bool',
  ConfigMapProjection: '+LocalObjectReference; items []KeyToPath; optional bool',
  ConfigMapVolumeSource:
    '+LocalObjectReference; items []KeyToPath; defaultMode int32; optional bool; defaultUser int64',
  Container:
    'name string; image string; command []string; args []string; workingDir string; ports []ContainerPort; envFrom []EnvFromSource; env []EnvVar; resources ResourceRequirements; resizePolicy []ContainerResizePolicy; restartPolicy ContainerRestartPolicy; restartPolicyRules []ContainerRestartRule; volumeMounts []VolumeMount; volumeDevices []VolumeDevice; livenessProbe Probe; readinessProbe Probe; startupProbe Probe; lifecycle Lifecycle; terminationMessagePath string; terminationMessagePolicy TerminationMessagePolicy; imagePullPolicy PullPolicy; securityContext SecurityContext; stdin bool; stdinOnce bool; tty bool',
  ContainerExtendedResourceRequest: 'containerName string; resourceName string; requestName string',
  ContainerPort:
    'name string; hostPort int32; containerPort int32; protocol Protocol; hostIP string',
  ContainerResizePolicy: 'resourceName ResourceName; restartPolicy ResourceResizeRestartPolicy',
  ContainerRestartRule:
    'action ContainerRestartRuleAction; exitCodes ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes:
    'operator ContainerRestartRuleOnExitCodesOperator; values []int32',
  ContainerState:
    'waiting ContainerStateWaiting; running ContainerStateRunning; terminated ContainerStateTerminated',
  ContainerStateRunning: 'startedAt Time',
  ContainerStateTerminated:
    'exitCode int32; signal int32; reason string; message string; startedAt Time; finishedAt Time; containerID string',
  ContainerStateWaiting: 'reason string; message string',
  ContainerStatus:
    'name string; state ContainerState; lastState ContainerState; ready bool; restartCount int32; image string; imageID string; containerID string; started bool; allocatedResources ResourceList; resources ResourceRequirements; volumeMounts []VolumeMountStatus; user ContainerUser; allocatedResourcesStatus []ResourceStatus; stopSignal Signal',
  ContainerUser: 'linux LinuxContainerUser',
  DownwardAPIProjection: 'items []DownwardAPIVolumeFile',
  DownwardAPIVolumeFile:
    'path string; fieldRef ObjectFieldSelector; resourceFieldRef ResourceFieldSelector; mode int32; user int64',
  DownwardAPIVolumeSource: 'items []DownwardAPIVolumeFile; defaultMode int32; defaultUser int64',
  EmptyDirVolumeSource: 'medium StorageMedium; sizeLimit resource.Quantity; mode int32',
  EnvFromSource: 'prefix string; configMapRef ConfigMapEnvSource; secretRef SecretEnvSource',
  EnvVar: 'name string; value string; valueFrom EnvVarSource',
  EnvVarSource:
    'fieldRef ObjectFieldSelector; resourceFieldRef ResourceFieldSelector; configMapKeyRef ConfigMapKeySelector; secretKeyRef SecretKeySelector; fileKeyRef FileKeySelector',
  EphemeralContainer: '+EphemeralContainerCommon; targetContainerName string',
  EphemeralContainerCommon:
    'name string; image string; command []string; args []string; workingDir string; ports []ContainerPort; envFrom []EnvFromSource; env []EnvVar; resources ResourceRequirements; resizePolicy []ContainerResizePolicy; restartPolicy ContainerRestartPolicy; restartPolicyRules []ContainerRestartRule; volumeMounts []VolumeMount; volumeDevices []VolumeDevice; livenessProbe Probe; readinessProbe Probe; startupProbe Probe; lifecycle Lifecycle; terminationMessagePath string; terminationMessagePolicy TerminationMessagePolicy; imagePullPolicy PullPolicy; securityContext SecurityContext; stdin bool; stdinOnce bool; tty bool',
  EphemeralVolumeSource: 'volumeClaimTemplate PersistentVolumeClaimTemplate',
  EvictionResponder: 'name string; priority int32',
  ExecAction: 'command []string',
  FCVolumeSource: 'targetWWNs []string; lun int32; fsType string; readOnly bool; wwids []string',
  FileKeySelector: 'volumeName string; path string; key string; optional bool',
  FlexVolumeSource:
    'driver string; fsType string; secretRef LocalObjectReference; readOnly bool; options map[string]string',
  FlockerVolumeSource: 'datasetName string; datasetUUID string',
  GCEPersistentDiskVolumeSource: 'pdName string; fsType string; partition int32; readOnly bool',
  GRPCAction: 'port int32; service string; mode GRPCProbeMode',
  GitRepoVolumeSource: 'repository string; revision string; directory string',
  GlusterfsVolumeSource: 'endpoints string; path string; readOnly bool',
  GroupVersionKind: 'group string; version string; kind string',
  GroupVersionResource: 'group string; version string; resource string',
  HTTPGetAction:
    'path string; port intstr.IntOrString; host string; scheme URIScheme; httpHeaders []HTTPHeader; protocol HTTPProtocol',
  HTTPHeader: 'name string; value string',
  HostAlias: 'ip string; hostnames []string',
  HostIP: 'ip string',
  HostPathVolumeSource: 'path string; type HostPathType',
  ISCSIVolumeSource:
    'targetPortal string; iqn string; lun int32; iscsiInterface string; fsType string; readOnly bool; portals []string; chapAuthDiscovery bool; chapAuthSession bool; secretRef LocalObjectReference; initiatorName string',
  ImageVolumeSource: 'reference string; pullPolicy PullPolicy',
  ImageVolumeStatus: 'imageRef string',
  KeyToPath: 'key string; path string; mode int32; user int64',
  LabelSelector: 'matchLabels map[string]string; matchExpressions []LabelSelectorRequirement',
  LabelSelectorRequirement: 'key string; operator LabelSelectorOperator; values []string',
  Lifecycle: 'postStart LifecycleHandler; preStop LifecycleHandler; stopSignal Signal',
  LifecycleHandler:
    'exec ExecAction; httpGet HTTPGetAction; tcpSocket TCPSocketAction; sleep SleepAction',
  LinuxContainerUser: 'uid int64; gid int64; supplementalGroups []int64',
  ListMeta: 'selfLink string; resourceVersion string; continue string; remainingItemCount int64',
  LocalObjectReference: 'name string',
  ManagedFieldsEntry:
    'manager string; operation ManagedFieldsOperationType; apiVersion string; time Time; fieldsType string; fieldsV1 FieldsV1; subresource string',
  NFSVolumeSource: 'server string; path string; readOnly bool',
  NodeAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution NodeSelector; preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm',
  NodeAllocatableMappedResources: 'name ResourceName; quantity resource.Quantity',
  NodeAllocatableOverheadResources:
    'name ResourceName; perPod resource.Quantity; perContainer resource.Quantity',
  NodeAllocatableResourceClaimStatus:
    'resourceClaimName string; containers []string; mapping []NodeAllocatableMappedResources; overhead []NodeAllocatableOverheadResources',
  NodeSelector: 'nodeSelectorTerms []NodeSelectorTerm',
  NodeSelectorRequirement: 'key string; operator NodeSelectorOperator; values []string',
  NodeSelectorTerm:
    'matchExpressions []NodeSelectorRequirement; matchFields []NodeSelectorRequirement',
  ObjectFieldSelector: 'apiVersion string; fieldPath string',
  ObjectMeta:
    'name string; generateName string; namespace string; selfLink string; uid types.UID; resourceVersion string; generation int64; creationTimestamp Time; deletionTimestamp Time; deletionGracePeriodSeconds int64; labels map[string]string; annotations map[string]string; ownerReferences []OwnerReference; finalizers []string; managedFields []ManagedFieldsEntry',
  OwnerReference:
    'apiVersion string; kind string; name string; uid types.UID; controller bool; blockOwnerDeletion bool',
  PersistentVolumeClaimSpec:
    'accessModes []PersistentVolumeAccessMode; selector LabelSelector; resources VolumeResourceRequirements; volumeName string; storageClassName string; volumeMode PersistentVolumeMode; dataSource TypedLocalObjectReference; dataSourceRef TypedObjectReference; volumeAttributesClassName string',
  PersistentVolumeClaimTemplate: 'metadata ObjectMeta; spec PersistentVolumeClaimSpec',
  PersistentVolumeClaimVolumeSource: 'claimName string; readOnly bool',
  PhotonPersistentDiskVolumeSource: 'pdID string; fsType string',
  Pod: '+TypeMeta; metadata ObjectMeta; spec PodSpec; status PodStatus',
  PodAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm; preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm',
  PodAffinityTerm:
    'labelSelector LabelSelector; namespaces []string; topologyKey string; namespaceSelector LabelSelector; matchLabelKeys []string; mismatchLabelKeys []string',
  PodAntiAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm; preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm',
  PodCertificateProjection:
    'signerName string; keyType string; maxExpirationSeconds int32; credentialBundlePath string; keyPath string; certificateChainPath string; userAnnotations map[string]string; user int64',
  PodCondition:
    'type PodConditionType; observedGeneration int64; status ConditionStatus; lastProbeTime Time; lastTransitionTime Time; reason string; message string',
  PodDNSConfig: 'nameservers []string; searches []string; options []PodDNSConfigOption',
  PodDNSConfigOption: 'name string; value string',
  PodExtendedResourceClaimStatus:
    'requestMappings []ContainerExtendedResourceRequest; resourceClaimName string',
  PodIP: 'ip string',
  PodOS: 'name OSName',
  PodReadinessGate: 'conditionType PodConditionType',
  PodResourceClaim: 'name string; resourceClaimName string; resourceClaimTemplateName string',
  PodResourceClaimStatus: 'name string; resourceClaimName string',
  PodSchedulingGate: 'name string',
  PodSchedulingGroup: 'podGroupName string',
  PodSecurityContext:
    'seLinuxOptions SELinuxOptions; windowsOptions WindowsSecurityContextOptions; runAsUser int64; runAsGroup int64; runAsNonRoot bool; supplementalGroups []int64; supplementalGroupsPolicy SupplementalGroupsPolicy; fsGroup int64; sysctls []Sysctl; fsGroupChangePolicy PodFSGroupChangePolicy; seccompProfile SeccompProfile; appArmorProfile AppArmorProfile; seLinuxChangePolicy PodSELinuxChangePolicy',
  PodSpec:
    'volumes []Volume; initContainers []Container; containers []Container; ephemeralContainers []EphemeralContainer; restartPolicy RestartPolicy; terminationGracePeriodSeconds int64; activeDeadlineSeconds int64; dnsPolicy DNSPolicy; nodeSelector map[string]string; serviceAccountName string; serviceAccount string; automountServiceAccountToken bool; nodeName string; hostNetwork bool; hostPID bool; hostIPC bool; shareProcessNamespace bool; securityContext PodSecurityContext; imagePullSecrets []LocalObjectReference; hostname string; subdomain string; affinity Affinity; schedulerName string; tolerations []Toleration; hostAliases []HostAlias; priorityClassName string; priority int32; dnsConfig PodDNSConfig; readinessGates []PodReadinessGate; runtimeClassName string; enableServiceLinks bool; preemptionPolicy PreemptionPolicy; overhead ResourceList; topologySpreadConstraints []TopologySpreadConstraint; setHostnameAsFQDN bool; os PodOS; hostUsers bool; schedulingGates []PodSchedulingGate; resourceClaims []PodResourceClaim; resources ResourceRequirements; hostnameOverride string; schedulingGroup PodSchedulingGroup; evictionResponders []EvictionResponder',
  PodStatus:
    'observedGeneration int64; phase PodPhase; conditions []PodCondition; message string; reason string; nominatedNodeName string; hostIP string; hostIPs []HostIP; podIP string; podIPs []PodIP; startTime Time; initContainerStatuses []ContainerStatus; containerStatuses []ContainerStatus; qosClass PodQOSClass; ephemeralContainerStatuses []ContainerStatus; resize PodResizeStatus; resourceClaimStatuses []PodResourceClaimStatus; extendedResourceClaimStatus PodExtendedResourceClaimStatus; allocatedResources ResourceList; resources ResourceRequirements; nodeAllocatableResourceClaimStatuses []NodeAllocatableResourceClaimStatus; volumeHealth []PodVolumeHealth',
  PodVolumeHealth: 'name string; healthConditions []VolumeHealthCondition; lastTransitionTime Time',
  PortworxVolumeSource: 'volumeID string; fsType string; readOnly bool',
  PreferredSchedulingTerm: 'weight int32; preference NodeSelectorTerm',
  Probe:
    '+ProbeHandler; initialDelaySeconds int32; timeoutSeconds int32; periodSeconds int32; successThreshold int32; failureThreshold int32; terminationGracePeriodSeconds int64',
  ProbeHandler:
    'exec ExecAction; httpGet HTTPGetAction; tcpSocket TCPSocketAction; grpc GRPCAction',
  ProjectedVolumeSource: 'sources []VolumeProjection; defaultMode int32; defaultUser int64',
  QuobyteVolumeSource:
    'registry string; volume string; readOnly bool; user string; group string; tenant string',
  RBDVolumeSource:
    'monitors []string; image string; fsType string; pool string; user string; keyring string; secretRef LocalObjectReference; readOnly bool',
  ResourceClaim: 'name string; request string',
  ResourceFieldSelector: 'containerName string; resource string; divisor resource.Quantity',
  ResourceHealth: 'resourceID ResourceID; health ResourceHealthStatus; message string',
  ResourceRequirements: 'limits ResourceList; requests ResourceList; claims []ResourceClaim',
  ResourceStatus: 'name ResourceName; resources []ResourceHealth',
  SELinuxOptions: 'user string; role string; type string; level string',
  ScaleIOVolumeSource:
    'gateway string; system string; secretRef LocalObjectReference; sslEnabled bool; protectionDomain string; storagePool string; storageMode string; volumeName string; fsType string; readOnly bool',
  SeccompProfile: 'type SeccompProfileType; localhostProfile string',
  SecretEnvSource: '+LocalObjectReference; optional bool',
  SecretKeySelector: '+LocalObjectReference; key string; optional bool',
  SecretProjection: '+LocalObjectReference; items []KeyToPath; optional bool',
  SecretVolumeSource:
    'secretName string; items []KeyToPath; defaultMode int32; optional bool; defaultUser int64',
  SecurityContext:
    'capabilities Capabilities; privileged bool; seLinuxOptions SELinuxOptions; windowsOptions WindowsSecurityContextOptions; runAsUser int64; runAsGroup int64; runAsNonRoot bool; readOnlyRootFilesystem bool; allowPrivilegeEscalation bool; procMount ProcMountType; seccompProfile SeccompProfile; appArmorProfile AppArmorProfile',
  ServiceAccountTokenProjection:
    'audience string; expirationSeconds int64; path string; user int64',
  SleepAction: 'seconds int64',
  Status:
    '+TypeMeta; metadata ListMeta; status string; message string; reason StatusReason; details StatusDetails; code int32',
  StatusCause: 'reason CauseType; message string; field string',
  StatusDetails:
    'name string; group string; kind string; uid types.UID; causes []StatusCause; retryAfterSeconds int32',
  StorageOSVolumeSource:
    'volumeName string; volumeNamespace string; fsType string; readOnly bool; secretRef LocalObjectReference',
  Sysctl: 'name string; value string',
  TCPSocketAction: 'port intstr.IntOrString; host string',
  Toleration:
    'key string; operator TolerationOperator; value string; effect TaintEffect; tolerationSeconds int64',
  TopologySpreadConstraint:
    'maxSkew int32; topologyKey string; whenUnsatisfiable UnsatisfiableConstraintAction; labelSelector LabelSelector; minDomains int32; nodeAffinityPolicy NodeInclusionPolicy; nodeTaintsPolicy NodeInclusionPolicy; matchLabelKeys []string',
  TypeMeta: 'kind string; apiVersion string',
  TypedLocalObjectReference: 'apiGroup string; kind string; name string',
  TypedObjectReference: 'apiGroup string; kind string; name string; namespace string',
  UserInfo: 'username string; uid string; groups []string; extra map[string]ExtraValue',
  Volume: 'name string; +VolumeSource',
  VolumeDevice: 'name string; devicePath string',
  VolumeHealthCondition: 'status VolumeHealthStatusType; reason string; message string',
  VolumeMount:
    'name string; readOnly bool; recursiveReadOnly RecursiveReadOnlyMode; mountPath string; subPath string; mountPropagation MountPropagationMode; subPathExpr string; bindMountOptions []string',
  VolumeMountStatus:
    'name string; mountPath string; readOnly bool; recursiveReadOnly RecursiveReadOnlyMode; volumeStatus VolumeStatus',
  VolumeProjection:
    'secret SecretProjection; downwardAPI DownwardAPIProjection; configMap ConfigMapProjection; serviceAccountToken ServiceAccountTokenProjection; clusterTrustBundle ClusterTrustBundleProjection; podCertificate PodCertificateProjection',
  VolumeResourceRequirements: 'limits ResourceList; requests ResourceList',
  VolumeSource:
    'hostPath HostPathVolumeSource; emptyDir EmptyDirVolumeSource; gcePersistentDisk GCEPersistentDiskVolumeSource; awsElasticBlockStore AWSElasticBlockStoreVolumeSource; gitRepo GitRepoVolumeSource; secret SecretVolumeSource; nfs NFSVolumeSource; iscsi ISCSIVolumeSource; glusterfs GlusterfsVolumeSource; persistentVolumeClaim PersistentVolumeClaimVolumeSource; rbd RBDVolumeSource; flexVolume FlexVolumeSource; cinder CinderVolumeSource; cephfs CephFSVolumeSource; flocker FlockerVolumeSource; downwardAPI DownwardAPIVolumeSource; fc FCVolumeSource; azureFile AzureFileVolumeSource; configMap ConfigMapVolumeSource; vsphereVolume VsphereVirtualDiskVolumeSource; quobyte QuobyteVolumeSource; azureDisk AzureDiskVolumeSource; photonPersistentDisk PhotonPersistentDiskVolumeSource; projected ProjectedVolumeSource; portworxVolume PortworxVolumeSource; scaleIO ScaleIOVolumeSource; storageos StorageOSVolumeSource; csi CSIVolumeSource; ephemeral EphemeralVolumeSource; image ImageVolumeSource',
  VolumeStatus: 'image ImageVolumeStatus',
  VsphereVirtualDiskVolumeSource:
    'volumePath string; fsType string; storagePolicyName string; storagePolicyID string',
  WeightedPodAffinityTerm: 'weight int32; podAffinityTerm PodAffinityTerm',
  WindowsSecurityContextOptions:
    'gmsaCredentialSpecName string; gmsaCredentialSpec string; runAsUserName string; hostProcess bool',
}

/** Named types that are no structs. */
export const namedTypes: Readonly<Record<string, string>> = {
  ExtraValue: '[]string',
  ResourceList: 'map[ResourceName]resource.Quantity',
}

/** Named types that are strings. */
export const stringTypes: readonly string[] = [
  'AppArmorProfileType',
  'AzureDataDiskCachingMode',
  'AzureDataDiskKind',
  'Capability',
  'CauseType',
  'ConditionStatus',
  'ContainerRestartPolicy',
  'ContainerRestartRuleAction',
  'ContainerRestartRuleOnExitCodesOperator',
  'DNSPolicy',
  'GRPCProbeMode',
  'HTTPProtocol',
  'HostPathType',
  'LabelSelectorOperator',
  'ManagedFieldsOperationType',
  'MountPropagationMode',
  'NodeInclusionPolicy',
  'NodeSelectorOperator',
  'OSName',
  'Operation',
  'PatchType',
  'PersistentVolumeAccessMode',
  'PersistentVolumeMode',
  'PodConditionType',
  'PodFSGroupChangePolicy',
  'PodPhase',
  'PodQOSClass',
  'PodResizeStatus',
  'PodSELinuxChangePolicy',
  'PreemptionPolicy',
  'ProcMountType',
  'Protocol',
  'PullPolicy',
  'RecursiveReadOnlyMode',
  'ResourceHealthStatus',
  'ResourceID',
  'ResourceName',
  'ResourceResizeRestartPolicy',
  'RestartPolicy',
  'SeccompProfileType',
  'Signal',
  'StatusReason',
  'StorageMedium',
  'SupplementalGroupsPolicy',
  'TaintEffect',
  'TerminationMessagePolicy',
  'TolerationOperator',
  'URIScheme',
  'UnsatisfiableConstraintAction',
  'VolumeHealthStatusType',
  'types.UID',
]
