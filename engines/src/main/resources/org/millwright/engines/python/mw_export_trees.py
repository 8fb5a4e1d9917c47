"""Write the trees of a model logged with MLflow as its library's own file, in the environment it was trained in.

    mw_export_trees.py --model DIR --out DIR --report report.json

Takes the flavours xgboost (model.ubj), lightgbm (model.txt) and catboost (model.json), whether a booster or the library's scikit-learn interface
was logged; what that interface would not predict with, iterations after the best one, is left out. The report is {"runtime",
"file", "converter", "class"}. Exit code 1 and one line on stderr say what went wrong.
"""

import argparse
from pathlib import Path

from mw_predict import Failure, NotPortable, run, write_report


def flavour(model_folder):
    """The library whose trees the model is, or None."""
    from mlflow.models import Model

    flavours = Model.load(str(model_folder)).flavors
    return next((name for name in WRITERS if name in flavours), None)


def plain_classes(model):
    """Classes are numbered in the file; a model that renames them would answer something else in Java."""
    classes = getattr(model, "classes_", None)
    if getattr(getattr(classes, "dtype", None), "kind", "") == "f":
        raise NotPortable("the model's classes are reals; expected whole numbers: encode the label before training")
    if classes is not None and list(classes) != list(range(len(classes))):
        shown = ", ".join(map(str, classes[:5]))
        raise NotPortable(f"the model's classes are {shown}; expected 0, 1, …: encode the label before training")


def xgboost(model_folder, folder):
    import mlflow.xgboost
    import xgboost

    model = mlflow.xgboost.load_model(str(model_folder))
    booster = model
    if not isinstance(model, xgboost.Booster):
        plain_classes(model)
        booster = model.get_booster()
        best = booster.attr("best_iteration")
        if best is not None:
            booster = booster[: int(best) + 1]
    booster.save_model(folder / "model.ubj")
    return "model.ubj", xgboost.__version__, model


def lightgbm(model_folder, folder):
    import lightgbm
    import mlflow.lightgbm

    model = mlflow.lightgbm.load_model(str(model_folder))
    booster = model
    if not isinstance(model, lightgbm.Booster):
        plain_classes(model)
        booster = model.booster_
    booster.save_model(folder / "model.txt")
    return "model.txt", lightgbm.__version__, model


def catboost(model_folder, folder):
    import catboost
    import mlflow.catboost

    model = mlflow.catboost.load_model(str(model_folder))
    if model.is_fitted() and isinstance(model, catboost.CatBoostClassifier):
        plain_classes(model)
    model.save_model(str(folder / "model.json"), format="json")
    return "model.json", catboost.__version__, model


WRITERS = {"xgboost": xgboost, "lightgbm": lightgbm, "catboost": catboost}


def export(model_folder, folder):
    name = flavour(model_folder)
    if name is None:
        raise Failure(f"the model has none of the flavours {', '.join(WRITERS)}")
    file, version, model = WRITERS[name](model_folder, Path(folder))
    kind = f"{type(model).__module__}.{type(model).__name__}"
    return {"runtime": name, "file": file, "converter": f"{name} {version}", "class": kind}


def main():
    parser = argparse.ArgumentParser(description="Write the trees of an MLflow model as its library's own file.")
    parser.add_argument("--model", type=Path, required=True, help="folder with the file MLmodel")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--report", type=Path, required=True, help="JSON file to write")
    args = parser.parse_args()
    write_report(args.report, export(args.model, args.out))


if __name__ == "__main__":
    run(main)
