package org.millwright.evidence;

/** What tells a stranger how to check a pack. */
final class PackReadme {
    private static final String TEXT = PackagedText.read("pack-readme.txt");

    private PackReadme() {}

    static String text(String ref, boolean withModel) {
        return TEXT.formatted(
                ref,
                withModel
                        ? "every file of the model's bundle, with its signature model.sig"
                        : "the signature of the model's bundle; its files were left out",
                withModel
                        ? "The OpenSSF model signing tool accepts the folder model/:"
                        : "The model's files were left out. Put them beside model/model.sig, and the OpenSSF model"
                                + " signing tool\n   accepts the folder model/:");
    }
}
