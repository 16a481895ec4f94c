"""Sends events with the official OpenLineage client, configured as its users do: by environment variables."""

import sys
from datetime import datetime, timezone

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import DatasetEvent, InputDataset, Job, JobEvent, OutputDataset, Run, RunEvent, RunState
from openlineage.client.event_v2 import StaticDataset
from openlineage.client.facet_v2 import parent_run, schema_dataset

PRODUCER = "https://github.com/OpenLineage/OpenLineage/tree/1.54.0/client/python"
RUN = "01a1fd91-d866-706a-b6e7-000000000001"
PARENT = "01a1fd91-d866-706a-b6e7-000000000009"


def at(minute):
    return datetime(2026, 11, 21, 10, minute, 7, 123456, tzinfo=timezone.utc).isoformat()


def main():
    client = OpenLineageClient()
    fields = [schema_dataset.SchemaDatasetFacetFields(name="id", type="bigint")]
    schema = schema_dataset.SchemaDatasetFacet(fields=fields)
    parent = parent_run.ParentRunFacet(
        run=parent_run.Run(runId=PARENT), job=parent_run.Job(namespace="airflow", name="orders_daily")
    )
    job = Job(namespace="airflow", name="orders_daily.load")
    run = Run(runId=RUN, facets={"parent": parent})
    inputs = [InputDataset(namespace="postgres://db:5432", name="shop.sales.orders", facets={"schema": schema})]
    outputs = [OutputDataset(namespace="s3://lake", name="bronze/orders")]
    client.emit(RunEvent(eventTime=at(1), producer=PRODUCER, run=run, job=job, eventType=RunState.START, inputs=inputs))
    complete = RunEvent(
        eventTime=at(5), producer=PRODUCER, run=run, job=job, eventType=RunState.COMPLETE, inputs=inputs, outputs=outputs
    )
    client.emit(complete)
    client.emit(complete)
    client.emit(JobEvent(eventTime=at(6), producer=PRODUCER, job=job, inputs=inputs))
    dataset = StaticDataset(namespace="s3://lake", name="bronze/orders", facets={"schema": schema})
    client.emit(DatasetEvent(eventTime=at(7), producer=PRODUCER, dataset=dataset))
    client.close()


if __name__ == "__main__":
    sys.exit(main())
