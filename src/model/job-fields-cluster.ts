/** Fields of a new cluster, as jobs and tasks declare it. Source: Databricks Jobs API 2.2 reference (`ClusterSpec`). */
import { double, flag, int, list, object, oneOf, setOf, text, textMap } from "./field-shape.ts";

const destination = object({ destination: text() });

const s3 = object({
  canned_acl: text(),
  destination: text(),
  enable_encryption: flag(),
  encryption_type: text(),
  endpoint: text(),
  kms_key: text(),
  region: text(),
});

const flexibility = object({ alternate_node_type_ids: list() });

const AWS = object({
  availability: oneOf("ON_DEMAND", "SPOT", "SPOT_WITH_FALLBACK"),
  ebs_volume_count: int(),
  ebs_volume_iops: int(),
  ebs_volume_size: int("GiB"),
  ebs_volume_throughput: int(),
  ebs_volume_type: oneOf("GENERAL_PURPOSE_SSD", "THROUGHPUT_OPTIMIZED_HDD"),
  first_on_demand: int("so many nodes, the driver first, are on demand"),
  instance_profile_arn: text(),
  spot_bid_price_percent: int(),
  zone_id: text(),
});

const AZURE = object({
  availability: oneOf("ON_DEMAND_AZURE", "SPOT_AZURE", "SPOT_WITH_FALLBACK_AZURE"),
  capacity_reservation_group: text(),
  first_on_demand: int(),
  log_analytics_info: object({ log_analytics_primary_key: text(), log_analytics_workspace_id: text() }),
  spot_bid_max_price: double(),
});

const GCP = object({
  availability: oneOf("ON_DEMAND_GCP", "PREEMPTIBLE_GCP", "PREEMPTIBLE_WITH_FALLBACK_GCP"),
  boot_disk_size: int("GB"),
  confidential_compute_type: oneOf("CONFIDENTIAL_COMPUTE_TYPE_NONE", "SEV_SNP"),
  first_on_demand: int(),
  google_service_account: text(),
  local_ssd_count: int(),
  use_preemptible_executors: flag(),
  zone_id: text(),
});

/** A new cluster. */
export const CLUSTER = object(
  {
    apply_policy_default_values: flag(),
    autoscale: object({ max_workers: int(), min_workers: int() }),
    autotermination_minutes: int(),
    aws_attributes: AWS,
    azure_attributes: AZURE,
    cluster_log_conf: object({ dbfs: destination, s3, volumes: destination }),
    cluster_name: text(),
    custom_tags: textMap("tags of the cluster's machines"),
    data_security_mode: oneOf(
      "DATA_SECURITY_MODE_AUTO",
      "DATA_SECURITY_MODE_DEDICATED",
      "DATA_SECURITY_MODE_STANDARD",
      "LEGACY_PASSTHROUGH",
      "LEGACY_SINGLE_USER",
      "LEGACY_SINGLE_USER_STANDARD",
      "LEGACY_TABLE_ACL",
      "NONE",
      "SINGLE_USER",
      "USER_ISOLATION",
    ),
    dependency_mode: oneOf("DEPENDENCY_MODE_AUTO", "DEPENDENCY_MODE_CLUSTER_LIBRARIES", "DEPENDENCY_MODE_ENVIRONMENTS"),
    docker_image: object({ basic_auth: object({ password: text(), username: text() }), url: text() }),
    driver_instance_pool_id: text(),
    driver_node_type_flexibility: flexibility,
    driver_node_type_id: text(),
    enable_elastic_disk: flag(),
    enable_local_disk_encryption: flag(),
    gcp_attributes: GCP,
    init_scripts: list(
      object({
        abfss: destination,
        dbfs: destination,
        file: destination,
        gcs: destination,
        s3,
        volumes: destination,
        workspace: destination,
      }),
      "run in this order",
    ),
    instance_pool_id: text(),
    is_single_node: flag(),
    kind: oneOf("CLASSIC_PREVIEW"),
    node_type_id: text(),
    num_workers: int("0 is a single node; excludes autoscale"),
    policy_id: text(),
    remote_disk_throughput: int(),
    runtime_engine: oneOf("NULL", "PHOTON", "STANDARD"),
    single_user_name: text(),
    spark_conf: textMap(),
    spark_env_vars: textMap(),
    spark_version: text("for example 16.4.x-scala2.12"),
    ssh_public_keys: setOf(),
    total_initial_remote_disk_size: int(),
    use_ml_runtime: flag(),
    worker_node_type_flexibility: flexibility,
    workload_type: object({ clients: object({ jobs: flag(), notebooks: flag() }) }),
  },
  { name: "Cluster" },
);
