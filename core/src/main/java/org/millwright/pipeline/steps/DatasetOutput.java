package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.millwright.dataset.DatasetVersion;
import org.millwright.kernel.Json;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;

/** Versions of a dataset as a step hands them on; the digest is over their content. */
final class DatasetOutput {
    private DatasetOutput() {}

    static Output of(String name, String dataset, List<DatasetVersion> versions) {
        ObjectNode info = Json.object().put("dataset", dataset);
        var list = info.putArray("versions");
        var content = new ArrayList<List<String>>();
        long rows = 0;
        for (DatasetVersion version : versions) {
            list.addObject()
                    .put("ref", version.ref())
                    .put("sha256", version.sha256())
                    .put("rows", version.rows());
            content.add(List.of(version.period(), version.sha256()));
            rows += version.rows();
        }
        info.put("rows", rows);
        return new Output(name, OutputType.DATASET, Json.digest(content), info);
    }
}
