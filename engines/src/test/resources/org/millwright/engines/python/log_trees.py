"""Saves tree models as MLflow's flavours do, each in a folder of its own beside rows.parquet: log_trees.py FOLDER."""

import sys
from pathlib import Path

import catboost
import lightgbm
import mlflow.catboost
import mlflow.lightgbm
import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost
from mlflow.models import infer_signature

out = Path(sys.argv[1])
rng = np.random.default_rng(4)
N = 900
rows = pd.DataFrame({"distance": rng.gamma(2, 400, N), "wind": rng.normal(10, 4, N), "hour": rng.integers(5, 23, N)})
delay = rows.distance * 0.01 + rows.wind.clip(8) * 2 + (rows.hour > 17) * 9 + rng.normal(0, 2, N)
rows.loc[rng.random(N) < 0.2, "wind"] = np.nan
carriers = rng.choice(["UA", "AA", "B6", "a carrier with a long name"], N)
late = (delay > delay.median()).astype(int)
rows.assign(delay=delay, carrier=carriers).to_parquet(out / "rows.parquet")
half = slice(0, N // 2)
rest = slice(N // 2, N)
XGB = {"n_jobs": 1, "max_depth": 4}
TRUSTED = ["collections.OrderedDict", "collections.defaultdict", "lightgbm.basic.Booster"]
TRUSTED += ["lightgbm.sklearn.LGBMClassifier", "lightgbm.sklearn.LGBMRegressor"]
LGB = {"n_jobs": 1, "verbose": -1, "min_child_samples": 5}


def save(name, flavour, model, predicted):
    trusted = {"skops_trusted_types": TRUSTED} if flavour is mlflow.lightgbm else {}
    flavour.save_model(model, out / name, signature=infer_signature(rows, predicted), **trusted)


model = xgboost.train({"max_depth": 4, "nthread": 1}, xgboost.DMatrix(rows, delay), 30)
save("xgboost-booster", mlflow.xgboost, model, model.predict(xgboost.DMatrix(rows)))
model = xgboost.XGBRegressor(n_estimators=300, learning_rate=0.5, early_stopping_rounds=5, **XGB)
model.fit(rows[half], delay[half], eval_set=[(rows[rest], delay[rest])], verbose=False)
assert model.best_iteration < len(model.get_booster().get_dump()) - 1
save("xgboost-early", mlflow.xgboost, model, model.predict(rows))
model = xgboost.XGBClassifier(n_estimators=20, **XGB).fit(rows, late)
save("xgboost-classes", mlflow.xgboost, model, model.predict(rows))

model = lightgbm.train({"num_threads": 1, "verbose": -1}, lightgbm.Dataset(rows, delay), 30)
save("lightgbm-booster", mlflow.lightgbm, model, model.predict(rows))
model = lightgbm.LGBMRegressor(n_estimators=300, learning_rate=0.5, **LGB)
model.fit(rows[half], delay[half], eval_set=[(rows[rest], delay[rest])], callbacks=[lightgbm.early_stopping(5, verbose=False)])
save("lightgbm-early", mlflow.lightgbm, model, model.predict(rows))
model = lightgbm.LGBMClassifier(n_estimators=20, **LGB).fit(rows, late)
save("lightgbm-classes", mlflow.lightgbm, model, model.predict(rows))
model = lightgbm.LGBMClassifier(n_estimators=5, **LGB).fit(rows, np.where(late == 1, "late", "on time"))
save("named-classes", mlflow.lightgbm, model, model.predict(rows))

quiet = {"verbose": 0, "allow_writing_files": False, "thread_count": 1}
model = catboost.CatBoostRegressor(iterations=30, **quiet).fit(rows, delay)
save("catboost-numbers", mlflow.catboost, model, model.predict(rows))
rows = rows.assign(carrier=carriers)
model = catboost.CatBoostRegressor(iterations=30, cat_features=["carrier"], **quiet).fit(rows, delay + (rows.carrier == "B6") * 9)
save("catboost-texts", mlflow.catboost, model, model.predict(rows))
model = catboost.CatBoostClassifier(iterations=20, cat_features=["carrier"], **quiet).fit(rows, late)
save("catboost-classes", mlflow.catboost, model, model.predict(rows))
