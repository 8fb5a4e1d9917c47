package org.millwright.app.cli;

import static org.millwright.app.cli.WholeLine.lock;

import java.nio.file.Path;
import java.util.Map;

/** A project whose model names classes by texts, with a contract of its data, an agreement, and a pipeline that scores batches. */
final class ClassProject {
    private static final String MILLWRIGHT = """
            apiVersion: millwright/v1
            kind: Project
            name: punctual
            purpose: Shows that a classifier goes all the way.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], ben: [approver]}
            environment: {python: "3.11"}
            model: {name: punctual, task: classification, label: arrival, positive: late, id: flight}
            handoff: {tolerance: 0.0001, rows: 200, narrow: {wind: {not-null: true, finite: true}, carrier: {not-null: true}}}
            release: {smoke-rows: 50, canary: {traffic: 50, min-requests: 1}}
            """;
    private static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: punctual
            window: day
            drift: {method: psi}
            quality: {contract-at-most: 0.01}
            fairness: {by: carrier}
            """;
    private static final String CONTRACT = """
            apiVersion: v3.1.0
            kind: DataContract
            id: departures
            version: 3.1.0
            status: active
            schema:
              - name: flights
                properties:
                  - {name: id, logicalType: integer, primaryKey: true}
                  - name: carrier
                    logicalType: string
                    quality: [{metric: invalidValues, arguments: {validValues: [UA, AA]}, mustBe: 0}]
                  - {name: wind, logicalType: number, logicalTypeOptions: {minimum: 0, maximum: 5}}
                  - {name: gust, logicalType: number, required: true}
                quality:
                  - {metric: rowCount, mustBe: 3}
            """;
    private static final String PIPELINE = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              train:
                parameters:
                  c: {type: double, default: 1.0}
                steps:
                  - id: fetch
                    kind: python
                    run: [fetch.py, "${outputs.months}"]
                    code: [fetch.py]
                    outputs: {months: dir}
                  - {id: flights, kind: ingest, dataset: flights, from: fetch.months, contract: contract.yaml}
                  - {id: data, kind: snapshot, needs: [flights], datasets: {flights: {}}}
                  - {id: taken, kind: sql, run: taken.sql, inputs: {flights: data.flights}, outputs: {taken: table}}
                  - id: rows
                    kind: python
                    run: [rows.py, "${outputs.train}", "${outputs.holdout}"]
                    code: [rows.py]
                    inputs: {taken: taken.taken}
                    outputs: {train: table, holdout: table}
                  - id: train
                    kind: python
                    run: [train.py, "${c}"]
                    code: [train.py]
                    inputs: {train: rows.train}
                    outputs: {model: mlflow-model}
                  - {id: evaluate, kind: evaluate, model: train.model, data: rows.holdout, reference: rows.train, slices: [carrier]}
                  - {id: handoff, kind: handoff, model: train.model, data: rows.holdout}
                  - id: gate
                    kind: gate
                    rules:
                      - {name: skilled, check: "metrics.skill_low > 0.0 && metrics.f1 > baseline.f1", fix: "Train more."}
                      - {name: ranks, check: "metrics.roc_auc > 0.8 && metrics.log_loss < baseline.log_loss", fix: "Train more."}
                      - {name: fair, check: "slices.carrier.all(s, s.recall > 0.5)", fix: "Look at the slices."}
                      - {name: agrees, check: "handoff.agrees && metrics.confusion.counts[0][0] > 50", fix: "See the report."}
                  - {id: register, kind: register, model: punctual}
              score:
                steps:
                  - id: rows
                    kind: python
                    run: [rows.py, "${outputs.train}", "${outputs.holdout}"]
                    code: [rows.py]
                    outputs: {train: table, holdout: table}
                  - {id: scores, kind: batch-score, model: punctual, data: rows.train}
                  - {id: named, kind: batch-score, model: punctual, data: rows.holdout}
                  - {id: tried, kind: batch-score, model: punctual, data: rows.holdout, watch: false}
            """;
    /** The wind as it is taken in is no column of the features, whose wind is another figure of the same name. */
    private static final String FETCH = """
            import pathlib
            import sys
            folder = pathlib.Path(sys.argv[1]) / "flights"
            folder.mkdir(parents=True)
            (folder / "2013-01.csv").write_text("id,carrier,wind,gust\\n1,UA,1.5,2\\n2,AA,4,5\\n3,AA,0,1\\n")
            """;

    private static final String ROWS = """
            import sys
            import numpy as np
            import pandas as pd
            import duckdb
            for number, path in enumerate(sys.argv[1:]):
                rng = np.random.default_rng(number)
                rows = pd.DataFrame({"wind": rng.normal(10, 4, 400).round(2), "carrier": rng.choice(["UA", "AA"], 400)})
                late = rows.wind + (rows.carrier == "AA") * 2 + rng.normal(0, 2, 400) > 12
                rows["arrival"] = np.where(late, "late", "on time")
                if number == 1:
                    rows["flight"] = [f"batch-{i}" for i in range(400)]
                duckdb.sql(f"copy (select * from rows) to '{path}' (format parquet)")
            """;
    private static final String TRAIN = """
            import os
            import sys
            import duckdb
            import mlflow
            from mlflow.models import ModelSignature
            from mlflow.types import ColSpec, Schema
            from sklearn.compose import ColumnTransformer
            from sklearn.linear_model import LogisticRegression
            from sklearn.pipeline import Pipeline
            from sklearn.preprocessing import OneHotEncoder

            rows = duckdb.read_parquet(os.environ["MW_INPUT_TRAIN"]).df()
            encode = ColumnTransformer([("carrier", OneHotEncoder(handle_unknown="ignore"), ["carrier"])], remainder="passthrough")
            model = Pipeline([("encode", encode), ("line", LogisticRegression(C=float(sys.argv[1])))])
            model.fit(rows[["wind", "carrier"]], rows["arrival"])
            inputs = Schema([ColSpec("double", "wind"), ColSpec("string", "carrier")])
            outputs = Schema([ColSpec("string", "arrival"), ColSpec("double", "late"), ColSpec("double", "on_time")])
            with mlflow.start_run():
                mlflow.sklearn.log_model(
                    model,
                    name="model",
                    signature=ModelSignature(inputs, outputs),
                    serialization_format="cloudpickle",
                    pip_requirements=[],
                )
            """;

    private ClassProject() {}

    static void write(Path folder) {
        SmallProject.write(
                folder,
                "3.11",
                Map.of(
                        "millwright.yaml", MILLWRIGHT,
                        "agreement.yaml", AGREEMENT,
                        "pipeline.yaml", PIPELINE,
                        "contract.yaml", CONTRACT,
                        "fetch.py", FETCH,
                        "taken.sql", "create view taken as select * from flights;\n",
                        "rows.py", ROWS,
                        "train.py", TRAIN,
                        "requirements.lock", lock()));
    }
}
