/** Version of the access files. A gate reads those of its own version only; what bundles it must not bundle zod, so this has a file of its own. */
export const ACCESS_VERSION = 4;
