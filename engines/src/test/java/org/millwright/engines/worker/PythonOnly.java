package org.millwright.engines.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.millwright.engines.python.Scripts;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.Python;
import org.millwright.scoring.Signature;

/** Models that only Python runs, saved by the real MLflow client; all take the same columns. */
final class PythonOnly {
    private PythonOnly() {}

    /** Saves each in a folder of its own and returns the Python that did, beside the helper scripts. */
    static Python saveIn(Path folder) throws IOException {
        Python python = Python.with(
                "hand-off-trees-2",
                "mlflow-skinny==3.17.2",
                "xgboost-cpu==3.2.0",
                "lightgbm==4.6.0",
                "catboost==1.2.8",
                "skops==0.16.0",
                "scikit-learn==1.7.2",
                "pandas==2.3.3",
                "pyarrow==26.0.1");
        new Scripts().copyTo(folder);
        try (var in = PythonOnly.class.getResourceAsStream("log_models.py")) {
            Files.copy(Objects.requireNonNull(in), folder.resolve("log_models.py"));
        }
        Python.Result made =
                python.script("python", folder.resolve("log_models.py").toString(), folder.toString());
        assertThat(made.code()).as(made.output()).isZero();
        return python;
    }

    static Signature signature(Path saved) {
        try {
            Yaml.Value section = Yaml.parse("MLmodel", Files.readString(saved.resolve("MLmodel")))
                    .get("signature")
                    .orElseThrow();
            return Signature.fromMlflow(section.text("inputs", ""), section.text("outputs", ""));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    static Map<String, Object> row(Double distance, Long seats, String carrier, Boolean late, Float ratio, Long crew) {
        var row = new HashMap<String, Object>();
        row.put("distance", distance);
        row.put("seats", seats);
        row.put("carrier", carrier);
        row.put("late", late);
        row.put("ratio", ratio);
        row.put("crew", crew);
        return row;
    }
}
