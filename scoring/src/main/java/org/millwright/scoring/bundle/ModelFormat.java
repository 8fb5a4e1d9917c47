package org.millwright.scoring.bundle;

import java.util.ArrayList;
import java.util.List;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.onnx.OnnxModel;
import org.millwright.scoring.trees.TreeModel;

/** The forms in which a model crosses to Java, each with what runs it. Nothing of a runtime is loaded before a model is. */
public enum ModelFormat {
    ONNX(Bundle.ONNX, "model.onnx"),
    XGBOOST("xgboost", "model.ubj"),
    LIGHTGBM("lightgbm", "model.txt"),
    CATBOOST("catboost", "model.json"),
    /** No portable form: the folder that MLflow saved, for a Python worker; no library in Java runs it. */
    PYTHON("python", "model/MLmodel");

    /** Where the files of a model for {@link #PYTHON} are inside a bundle. */
    public static final String FOLDER = "model";

    /** The name in a bundle of the lock of the environment that a model was made in. */
    public static final String LOCK = "environment/requirements.lock";

    private final String runtime;
    private final String file;

    ModelFormat(String runtime, String file) {
        this.runtime = runtime;
        this.file = file;
    }

    /** The form of that runtime; throws {@link ModelFailure} when there is none. */
    public static ModelFormat of(String runtime) {
        List<String> known = new ArrayList<>();
        for (ModelFormat format : values()) {
            if (format.runtime.equals(runtime)) {
                return format;
            }
            known.add(format.runtime);
        }
        throw new ModelFailure("the model's runtime is '" + InvalidInput.shorten(runtime) + "', this version runs "
                + String.join(", ", known) + ": take a newer Millwright or export the model to one of them");
    }

    /** The runtime's name in a manifest. */
    public String runtime() {
        return runtime;
    }

    /** The model file's name in a bundle. */
    public String file() {
        return file;
    }

    /** Loads a model file; throws {@link ModelFailure} when the runtime refuses it. */
    public Model load(byte[] model, Signature signature) {
        return switch (this) {
            case ONNX -> OnnxModel.load(model, signature);
            case XGBOOST -> TreeModel.xgboost(model, signature);
            case LIGHTGBM -> TreeModel.lightgbm(model, signature);
            case CATBOOST -> TreeModel.catboost(model, signature);
            case PYTHON ->
                throw new ModelFailure("the model has no portable form: only a Millwright server runs it, in Python");
        };
    }
}
