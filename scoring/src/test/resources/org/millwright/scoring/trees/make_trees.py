"""Trains small models of each kind and records what their libraries predict, edge rows among them.

    make_trees.py LIBRARY FOLDER

Writes a model file for each case and cases.json: [{"name", "file", "columns": [{"name", "type"}], "rows":
{column: values}, "expected": [[values of a row]]}] with "NaN", "Infinity" and "-Infinity" as texts and missing text as null.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd

library, out = sys.argv[1], Path(sys.argv[2])
rng = np.random.default_rng(20)
N = 800
CASES = []
TEXTS = ["UA", "AA", "B6", "DL", "", "WN"]
UNICODE = ["ünï", "日本", "AA"]


def numbers():
    """Three numeric columns with missing values and zeros."""
    frame = pd.DataFrame(
        {"a": rng.normal(size=N), "b": rng.gamma(2, 5, N).round(1), "c": rng.integers(-3, 4, N).astype(float)}
    )
    frame.loc[rng.random(N) < 0.15, "a"] = np.nan
    frame.loc[rng.random(N) < 0.15, "c"] = np.nan
    frame.loc[rng.random(N) < 0.2, "b"] = 0.0
    return frame


def codes(frame):
    """The same with a column of category codes."""
    return frame.assign(k=rng.integers(0, 40, N).astype(float))


def texts(frame, names):
    return frame.assign(carrier=pd.Categorical(rng.choice(names, N)), hub=pd.Categorical(rng.choice(["x", "y"], N)))


def label(frame):
    value = frame.a.fillna(1.5) * 2 + np.sqrt(frame.b) - frame.c.fillna(-2)
    if "k" in frame:
        value = value + (frame.k % 7 < 3) * 4
    if "carrier" in frame:
        value = value + frame.carrier.cat.codes % 3 * 3 + (frame.hub == "x") * 2
    return value + rng.normal(0, 0.3, N)


def edges(frame, thresholds, infinite):
    """Recorded rows, then each number of interest in each numeric column, the others as in the row above."""
    rows = frame.head(60).copy()
    interest = [0.0, -0.0, 1e-36, -1e-36, 1e-35, 1e-30, -0.5, -1.0, 1e30, -1e30, 16777216.0, 16777217.0, 3e9, np.nan]
    interest += [float(np.finfo(np.float32).max), float(np.finfo(np.float32).tiny), 1e-45, 5e-324, 39.0, 40.0, 63.5, 1e10]
    interest += [math.inf, -math.inf, 1e300] if infinite else []
    for threshold in thresholds:
        single = np.float32(threshold)
        interest += [threshold, np.nextafter(threshold, -math.inf), np.nextafter(threshold, math.inf), float(single)]
        interest += [float(np.nextafter(single, np.float32(-math.inf))), float(np.nextafter(single, np.float32(math.inf)))]
    numeric = [column for column in frame if frame[column].dtype == float]
    more = []
    for i, value in enumerate(interest):
        for column in numeric:
            row = frame.iloc[i % 100].copy()
            row[column] = value
            more.append(row)
    more.append(pd.Series({column: np.nan for column in frame}))
    all_rows = pd.concat([rows, pd.DataFrame(more)], ignore_index=True)
    for column in frame:
        all_rows[column] = all_rows[column].astype(frame[column].dtype)
    return all_rows


def cell(value):
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "NaN"
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def record(name, file, rows, expected, whole=False):
    columns, values = [], {}
    for column in rows:
        text = not pd.api.types.is_numeric_dtype(rows[column])
        columns.append({"name": column, "type": "string" if text else "double"})
        raw = rows[column].astype(object).where(rows[column].notna(), None) if text else rows[column].astype(float)
        values[column] = [(None if text and v is None else v if text else cell(float(v))) for v in raw]
    expected = np.asarray(expected)
    expected = expected.reshape(len(rows), -1).astype(float)
    CASES.append(
        {"name": name, "file": file, "columns": columns, "rows": values, "whole": whole}
        | {"expected": [[cell(float(v)) for v in row] for row in expected]}
    )


def classes(y):
    return pd.qcut(y, 3, labels=False)


def xgboost_cases():
    import xgboost as xgb

    def train(name, frame, y, weight=None, kinds=None, rounds=12, **params):
        data = dict(enable_categorical=True, feature_types=kinds)
        params = {"max_depth": 4, "seed": 3, "nthread": 1} | params
        booster = xgb.train(params, xgb.DMatrix(frame, y, **data), rounds)
        trees = booster.trees_to_dataframe()
        rows = edges(frame, trees.Split.dropna().astype(float).head(12) if "Split" in trees else [], False)
        expected = booster.predict(xgb.DMatrix(rows, **data))
        for form in ("json", "ubj"):
            booster.save_model(out / f"{name}.{form}")
            record(f"{name} {form}", f"{name}.{form}", rows, expected)

    frame = numbers()
    y = label(frame)
    positive = np.exp(y / 8)
    train("squared", frame, y, objective="reg:squarederror")
    train("absolute", frame, y, objective="reg:absoluteerror")
    train("deep", frame, y, objective="reg:squarederror", max_depth=9, rounds=60)
    train("logistic", frame, y > y.median(), objective="binary:logistic")
    train("logitraw", frame, y > y.median(), objective="binary:logitraw")
    train("hinge", frame, y > y.median(), objective="binary:hinge")
    train("poisson", frame, np.floor(positive), objective="count:poisson")
    train("gamma", frame, positive, objective="reg:gamma")
    train("tweedie", frame, positive, objective="reg:tweedie")
    train("softprob", frame, classes(y), objective="multi:softprob", num_class=3)
    train("softmax", frame, classes(y), objective="multi:softmax", num_class=3)
    train("targets", frame, np.column_stack([y, -y]), objective="reg:squarederror")
    train("forest", frame, y, objective="reg:squarederror", num_parallel_tree=5, subsample=0.6, rounds=3)
    train("dart", frame, y, booster="dart", rate_drop=0.3)
    coded = codes(frame)
    y = label(coded)
    kinds = ["q", "q", "q", "c"]
    train("codes", coded, y, kinds=kinds, max_cat_to_onehot=4)
    train("onehot", coded, y, kinds=kinds, max_cat_to_onehot=100)
    texted = texts(frame, TEXTS)
    train("texts", texted, label(texted), max_cat_to_onehot=1)
    texted = texts(frame, UNICODE)
    data = xgb.DMatrix(texted, label(texted), enable_categorical=True)
    xgb.train({"nthread": 1}, data, 3).save_model(out / "refused-texts.ubj")

    model = xgb.XGBClassifier(n_estimators=8, n_jobs=1).fit(frame, classes(label(frame)))
    model.save_model(out / "labels.ubj")
    record("labels", "labels.ubj", frame.head(100), model.predict(frame.head(100)), whole=True)
    model = xgb.XGBClassifier(n_estimators=8, n_jobs=1).fit(frame, label(frame) > 0)
    model.save_model(out / "labels2.ubj")
    record("two labels", "labels2.ubj", frame.head(100), model.predict(frame.head(100)), whole=True)
    linear = xgb.train({"booster": "gblinear", "nthread": 1}, xgb.DMatrix(frame.fillna(0), y), 3)
    linear.save_model(out / "refused-linear.json")
    vector = {"multi_strategy": "multi_output_tree", "tree_method": "hist", "nthread": 1}
    xgb.train(vector, xgb.DMatrix(frame, np.column_stack([y, -y])), 3).save_model(out / "refused-vector.json")


def lightgbm_cases():
    import lightgbm as lgb

    def train(name, frame, y, rounds=12, categorical="auto", **params):
        params = {"num_leaves": 15, "min_data_in_leaf": 5, "seed": 3, "num_threads": 1, "verbose": -1} | params
        booster = lgb.train(params, lgb.Dataset(frame, y, categorical_feature=categorical), rounds)
        booster.save_model(out / f"{name}.txt")
        splits = [float(t) for t in booster.trees_to_dataframe().threshold.dropna().astype(str) if "|" not in t]
        rows = edges(frame, splits[:12], True)
        record(name, f"{name}.txt", rows, booster.predict(rows))

    frame = numbers()
    y = label(frame)
    positive = np.exp(y / 8)
    train("regression", frame, y)
    train("deep", frame, y, num_leaves=120, rounds=60, min_data_in_leaf=1)
    train("zero missing", frame, y, zero_as_missing=True)
    train("no missing", frame.fillna(0.25), y, use_missing=False)
    train("l1", frame, y, objective="regression_l1")
    train("sqrt", frame, y, objective="regression", reg_sqrt=True)
    train("huber", frame, y, objective="huber")
    train("quantile", frame, y, objective="quantile", alpha=0.8)
    train("binary", frame, y > y.median(), objective="binary", sigmoid=0.7)
    train("entropy", frame, (y > y.median()) * 0.8, objective="cross_entropy")
    train("lambda", frame, (y > y.median()) * 0.8, objective="cross_entropy_lambda")
    train("poisson", frame, np.floor(positive), objective="poisson")
    train("gamma", frame, positive, objective="gamma")
    train("tweedie", frame, positive, objective="tweedie")
    train("multiclass", frame, classes(y), objective="multiclass", num_class=3)
    train("one against all", frame, classes(y), objective="multiclassova", num_class=3, sigmoid=1.3)
    train("forest", frame, y, boosting="rf", bagging_fraction=0.6, bagging_freq=1)
    train("dart", frame, y, boosting="dart", drop_rate=0.4)
    train("linear", frame, y, linear_tree=True)
    train("stump", frame, y, rounds=2, min_data_in_leaf=500)
    coded = codes(frame)
    train("codes", coded, label(coded), categorical=["k"], min_data_per_group=5, cat_smooth=1)
    train("onehot", coded, label(coded), categorical=["k"], max_cat_to_onehot=100)
    texted = texts(frame, TEXTS + UNICODE[:2])
    train("texts", texted, label(texted), min_data_per_group=5, cat_smooth=1, max_cat_to_onehot=1)

    model = lgb.LGBMClassifier(n_estimators=8, n_jobs=1, verbose=-1).fit(frame, classes(y))
    model.booster_.save_model(out / "labels.txt")
    record("labels", "labels.txt", frame.head(100), model.predict(frame.head(100)), whole=True)
    model = lgb.LGBMClassifier(n_estimators=8, n_jobs=1, verbose=-1).fit(frame, (y > 0).astype(int))
    model.booster_.save_model(out / "labels2.txt")
    record("two labels", "labels2.txt", frame.head(100), model.predict(frame.head(100)), whole=True)


def catboost_cases():
    import catboost

    def train(name, frame, y, categories=(), predict=None, whole=False, **params):
        params = {"iterations": 20, "depth": 5, "thread_count": 1, "random_seed": 3, "verbose": 0} | params
        frame = frame.astype({column: str for column in categories})
        pool = catboost.Pool(frame, y, cat_features=list(categories))
        model = catboost.CatBoost(params | {"allow_writing_files": False}).fit(pool)
        model.save_model(out / f"{name}.json", format="json")
        borders = [b for f in json.loads((out / f"{name}.json").read_text())["features_info"]["float_features"] for b in f.get("borders", [])]
        rows = frame.head(100) if whole else edges(frame, [b for b in borders if abs(b) < 1e30][::8], True)
        for column in categories:
            rows[column] = rows[column].astype(object).where(rows[column].notna(), "nan")
            if not whole:
                rows.loc[61:64, column] = ["unseen", "", "日本語", "x" * 100]
        record(name, f"{name}.json", rows, model.predict(rows, prediction_type=predict or "RawFormulaVal"), whole)

    frame = numbers()
    frame.loc[frame.b == 3.0, "b"] = np.nan
    y = label(frame.assign(b=frame.b.fillna(0)))
    positive = np.exp(y / 8)
    train("rmse", frame, y)
    train("max", frame, y, nan_mode="Max")
    train("deep", frame, y, depth=9, iterations=60)
    train("poisson", frame, np.floor(positive), loss_function="Poisson", predict="Exponent")
    train("logloss", frame, (y > y.median()).astype(int), loss_function="Logloss")
    train("multiclass", frame, classes(y), loss_function="MultiClass")
    train("labels", frame, classes(y), loss_function="MultiClass", predict="Class", whole=True)
    train("two labels", frame, (y > 0).astype(int), loss_function="Logloss", predict="Class", whole=True)
    train("quantile", frame, y, loss_function="Quantile:alpha=0.7")
    long = ["UA", "a longer name of a carrier", "x" * 40, "日本" * 20, "x" * 200, "carrier 12"]
    texted = texts(frame.assign(b=frame.b.fillna(0)), long)
    z = label(texted)
    kinds = ["carrier", "hub"]
    train("categories", texted, z, kinds)
    train("one hot", texted, z, kinds, one_hot_max_size=100)
    train("classes of categories", texted, classes(z), kinds, loss_function="MultiClass", max_ctr_complexity=1)
    combined = ["Borders", "Buckets", "Counter", "BinarizedTargetMeanValue"]
    for kind in combined:
        train(f"simple {kind}", texted, z, kinds, simple_ctr=kind, max_ctr_complexity=1, one_hot_max_size=1)
    more = texted.assign(k=rng.integers(0, 5, N).astype(str), m=rng.integers(0, 4, N).astype(str))
    crossed = (more.k.astype(int) + more.m.astype(int)) % 2 * 9 + (more.hub == "x") * (more.a.fillna(0) > 0) * 5 + z / 9
    kinds += ["k", "m"]
    train("combined", more, crossed, kinds, one_hot_max_size=1, max_ctr_complexity=3, depth=6, iterations=60)
    train("combined counters", more, crossed, kinds, one_hot_max_size=2, max_ctr_complexity=3, combinations_ctr=["Counter", "Buckets"])
    grown = {"iterations": 3, "verbose": 0, "allow_writing_files": False, "thread_count": 1}
    model = catboost.CatBoost(grown | {"grow_policy": "Lossguide"}).fit(frame, y)
    model.save_model(out / "refused-lossguide.json", format="json")


{"xgboost": xgboost_cases, "lightgbm": lightgbm_cases, "catboost": catboost_cases}[library]()
(out / "cases.json").write_text(json.dumps(CASES, allow_nan=False))
