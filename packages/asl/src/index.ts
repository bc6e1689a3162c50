export type { Json, JsonArray, JsonObject } from './json.ts';
export { getOwn, isArray, isObject, setOwn } from './json.ts';
export { NESTING_MAX, parseJson } from './parse-json.ts';
export type { Environment, Evaluate } from './environment.ts';
export { AslFailure } from './environment.ts';
export type { Diagnostic, Position, Range, Severity } from './diagnostic.ts';
export type * from './program.ts';
export type { Pattern, TaskResource } from './integrations/resource.ts';
export { parseResource } from './integrations/resource.ts';
export type { IamNeed, Integration } from './integrations/integration.ts';
export type { ParsedText } from './syntax/parse.ts';
export { parse } from './syntax/parse.ts';
export { parseYaml } from './syntax/yaml.ts';
export type { Segment } from './syntax/embedded.ts';
export { jsonStringSegment, parsedAt, parseSegments } from './syntax/embedded.ts';
export { appendPointer, pointerTokens } from './syntax/pointer.ts';
export type { Substituted } from './syntax/substitutions.ts';
export { substitute } from './syntax/substitutions.ts';
export type { Code, CodeName } from './check/codes.ts';
export { CODES, findCode } from './check/codes.ts';
export type { AwsDiagnostic } from './check/aws.ts';
export { awsDiagnostics, awsLocation, invalidDefinition } from './check/aws.ts';
export { ExpressionSyntaxError } from './expression-syntax-error.ts';
export type { CompiledPath, MissingPath } from './jsonpath/compile-path.ts';
export { compilePath } from './jsonpath/compile-path.ts';
export { compileReferencePath } from './jsonpath/reference-path.ts';
export { INTEGRATIONS, findIntegration } from './integrations/table.ts';
export type { SdkService } from './integrations/sdk-service.ts';
export { sdkService } from './integrations/sdk-service.ts';
export { iamNeeds, lostWorkerError } from './integrations/needs.ts';
export type { StateVisit, TaskDescription } from './integrations/tasks-of.ts';
export { statesOf, tasksOf } from './integrations/tasks-of.ts';
export { compile } from './compile/compile.ts';
export { compileIntrinsic, INTRINSIC_NAMES } from './intrinsics/compile-intrinsic.ts';
export { isIntrinsic } from './intrinsics/parse.ts';
export { compileJsonPathField, compileJsonPathTemplate } from './template/jsonpath-template.ts';
export { compileChoiceRule } from './choice/compile-rule.ts';
export type { Moment } from './choice/timestamp.ts';
export { compareMoments, parseTimestamp } from './choice/timestamp.ts';
export type { CheckOptions } from './check/check.ts';
export { variableReferences } from './check/variable-references.ts';
export { check, checkParsed, hasErrors } from './check/check.ts';
export type { EdgeKind, GraphContainer, GraphEdge, GraphNode } from './graph/graph.ts';
export { allContainers, allEdges, allNodes, graphOf, nodeById } from './graph/graph.ts';
export { dominates, dominatesBySuccess, reachableFrom, reachedStates } from './graph/paths.ts';
export { toMermaid } from './graph/mermaid.ts';
export type {
  Box,
  GraphLayout,
  PlacedContainer,
  PlacedEdge,
  PlacedLabel,
  PlacedState,
  Point,
} from './graph/layout/geometry.ts';
export { layoutOf } from './graph/layout/layout.ts';
export type { Outline, PlacedText, StateTexts } from './graph/drawing.ts';
export { linePath, outlineOf, riseOf, stateTexts } from './graph/drawing.ts';
export type { SvgOptions } from './graph/svg.ts';
export { toSvg } from './graph/svg.ts';
export type { Loaded } from './compile/load.ts';
export { load } from './compile/load.ts';
export { compileCondition } from './choice/condition.ts';
export { compileAssign } from './template/assign.ts';
export { expressionOf, isExpression, unexpectedType } from './template/jsonata-expression.ts';
export { compileJsonataTemplate } from './template/jsonata-template.ts';
export type { JsonataProgram } from './jsonata/compile-jsonata.ts';
export { compileJsonata } from './jsonata/compile-jsonata.ts';
