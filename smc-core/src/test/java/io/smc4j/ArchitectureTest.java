package io.smc4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way: internal, then policy and diag, then nio, then net; the facade at the root is for users only. */
@AnalyzeClasses(packages = "io.smc4j", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String INTERNAL = "io.smc4j.internal..";
    private static final String POLICY = "io.smc4j.policy..";
    private static final String DIAG = "io.smc4j.diag..";
    private static final String NIO = "io.smc4j.nio..";
    private static final String NET = "io.smc4j.net..";

    @ArchTest
    static final ArchRule internalStandsAlone =
            noClasses().that().resideInAPackage(INTERNAL).should().dependOnClassesThat().resideInAnyPackage(POLICY, DIAG, NIO, NET);

    @ArchTest
    static final ArchRule policyAndDiagKnowNoChannels =
            noClasses().that().resideInAnyPackage(POLICY, DIAG).should().dependOnClassesThat().resideInAnyPackage(NIO, NET).allowEmptyShould(true);

    @ArchTest
    static final ArchRule nioKnowsNoNet =
            noClasses().that().resideInAPackage(NIO).should().dependOnClassesThat().resideInAPackage(NET).allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.smc4j.(*)..").should().beFreeOfCycles();

    /** Of the root, the settings are for everybody; the facade stands above what it shows. */
    @ArchTest
    static final ArchRule theFacadeIsNotUsedFromBelow =
            noClasses().that().resideInAnyPackage(INTERNAL, POLICY, DIAG).should().dependOnClassesThat().haveFullyQualifiedName("io.smc4j.Smc");

    @ArchTest
    static final ArchRule settingsStandAlone =
            noClasses().that().haveFullyQualifiedName("io.smc4j.SmcConfig").should().dependOnClassesThat().resideInAnyPackage(INTERNAL, POLICY, DIAG, NIO, NET);

    @ArchTest
    static final ArchRule nativeMethodsStandInOnePlace =
            methods().that().haveModifier(JavaModifier.NATIVE).should().beDeclaredInClassesThat().haveFullyQualifiedName("io.smc4j.internal.JniCalls");

    @ArchTest
    static final ArchRule noRuntimeDependency =
            classes().should().onlyDependOnClassesThat().resideInAnyPackage("io.smc4j..", "java..", "javax..", "jdk..");
}
