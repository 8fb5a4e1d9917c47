package org.millwright.engines.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.millwright.engines.python.ReadOnly;
import org.millwright.environment.PythonModels.PythonModel;

/**
 * What the processes of one model version see.
 *
 * @param script that they run
 * @param model the model's files, read-only
 * @param scratch where they work, and all that they may write to
 */
record WorkerFolder(Path root, Path script, Path model, Path scratch) {
    /** Makes the folder with the model's files in it. */
    static WorkerFolder make(Path root, Path script, PythonModel model) throws IOException {
        Files.createDirectory(root);
        var folder = new WorkerFolder(root, script, root.resolve("model"), root.resolve("scratch"));
        Files.createDirectory(folder.model);
        Files.createDirectory(folder.scratch);
        model.files().copyTo(folder.model);
        ReadOnly.files(folder.model);
        ReadOnly.folders(folder.model);
        return folder;
    }

    void delete() throws IOException {
        ReadOnly.delete(root);
    }
}
